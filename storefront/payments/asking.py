"""Asking Stripe at once for a refund that is written; a job asks where it does not answer."""

from models import Refund, RefundStatus
from storefront.extensions import db
from storefront.payments import refund_notes, refunds
from storefront.payments.access import gateway, letters


def asked(refund_id: int) -> Refund:
    """Ask for a refund that is committed, outside of any transaction, and write the answer."""
    refund = refunds.loaded(db.session, refund_id)
    db.release()
    if refund.status is not RefundStatus.REQUESTED:
        return refund
    told = refunds.ask(gateway(), refund)
    if told is None:
        return refund
    noted = refund_notes.note(db.session, told, letters())
    db.session.commit()
    return noted
