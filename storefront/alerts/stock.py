"""Waiting for what is sold out: asking, confirming, stopping, and the mail when it is back."""

import secrets
from datetime import timedelta
from functools import partial

from sqlalchemy import ColumnElement, case, delete, func, literal, select, update
from sqlalchemy.orm import Session, joinedload

from models import StockAlert, Variant, now
from models.base import UtcDateTime
from models.language import language
from models.once import claim
from models.stock_alert import call_waiting, lock
from storefront.alerts.mails import AlertMails
from storefront.catalog.shelf import shelf
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.mail.outbox import withhold

FORGET = "forget-alerts"  # the job
NEVER_CONFIRMED_DAYS = 30
TOLD_DAYS = 90


def ask(session: Session, variant_id: int, email: str, title: str, mails: AlertMails) -> None:
    """Note that somebody wants to know of a variant, and mail the link that confirms it.

    Whatever an address is here already, the same is written and mailed: nobody can tell from
    outside. Only the newest link confirms.
    """
    alert = _row(session, variant_id, email)
    alert.asked_key = secrets.token_urlsafe(24)
    session.flush()
    mails.confirm_stock(session, alert, alert.asked_key, title)


def ask_proven(session: Session, variant_id: int, email: str) -> None:
    """Let the owner of an address, who has proved it, wait for a variant at once."""
    lock(session, variant_id)
    alert = _row(session, variant_id, email)
    _wait(session, StockAlert.id == alert.id)
    call_waiting(session, [variant_id])


def confirm(session: Session, asked_key: str) -> StockAlert | None:
    """Let the one who asked by this key wait; None where it was used, or asked anew since."""
    wanted = select(StockAlert.variant_id).where(StockAlert.asked_key == asked_key)
    if (variant_id := session.scalar(wanted)) is None:
        return None
    lock(session, variant_id)
    alert_id = _wait(session, StockAlert.asked_key == asked_key)
    if alert_id is None:  # of two clicks at once, the second
        return None
    alert = session.get_one(StockAlert, alert_id, populate_existing=True)
    call_waiting(session, [alert.variant_id])
    return alert


def stop(session: Session, key: str) -> bool:
    """Forget one who waits, and send nothing that was written already; twice is fine."""
    gone = session.execute(
        delete(StockAlert).where(StockAlert.key == key).returning(StockAlert.id)
    ).all()
    withhold(session, f"back_in_stock:{key}:")
    return bool(gone)


def forget(sessions: Sessions, payload: Payload) -> Effect:
    """Do the job ``forget-alerts``: forget who never confirmed, and who was told long ago."""
    del sessions, payload
    return _forget_old


class BackInStock:
    """Does the job ``tell-back-in-stock``: the mail to one whom the ledger has called."""

    def __init__(self, mails: AlertMails) -> None:
        """Remember who writes the mails."""
        self._mails = mails

    def tell(self, sessions: Sessions, payload: Payload) -> Effect:
        """Mail her, in the transaction that ends the job; she waits on where it is gone again."""
        del sessions
        return partial(self._write, alert_id=payload["alert_id"], stamp=payload["told_at"])

    def _write(self, session: Session, *, alert_id: int, stamp: str) -> None:
        alert = session.get(StockAlert, alert_id, with_for_update=True)
        if alert is None or alert.told_at is None or alert.told_at.isoformat() != stamp:
            return
        variant = session.scalars(
            select(Variant)
            .where(Variant.id == alert.variant_id)
            .options(joinedload(Variant.product))
        ).one()
        if not variant.product.is_sold or shelf(session, [variant.id]).in_stock(variant.id) < 1:
            alert.told_at = None
            return
        path = f"/products/{variant.product.handle}?variant={variant.id}"
        self._mails.back_in_stock(session, alert, stamp, variant, path)


def _forget_old(session: Session) -> None:
    moment = func.coalesce(StockAlert.told_at, StockAlert.asked_at)
    for which, days in (
        (StockAlert.confirmed_at.is_(None), NEVER_CONFIRMED_DAYS),
        (StockAlert.told_at.is_not(None), TOLD_DAYS),
    ):
        session.execute(delete(StockAlert).where(which, moment < now() - timedelta(days=days)))


def _row(session: Session, variant_id: int, email: str) -> StockAlert:
    claim(session, StockAlert(variant_id=variant_id, email=email))
    wanted = select(StockAlert).filter_by(variant_id=variant_id, email=email).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _wait(session: Session, which: ColumnElement[bool]) -> int | None:
    """Let somebody wait, by one statement; who was told already goes to the end of the queue."""
    was_told = StockAlert.told_at.is_not(None)
    return session.scalar(
        update(StockAlert)
        .where(which)
        .values(
            asked_key=None,
            language=language(),
            confirmed_at=func.coalesce(StockAlert.confirmed_at, literal(now(), UtcDateTime)),
            asked_at=case((was_told, literal(now(), UtcDateTime)), else_=StockAlert.asked_at),
            told_at=None,
        )
        .returning(StockAlert.id)
        .execution_options(synchronize_session=False)
    )
