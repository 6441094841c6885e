"""The address at which Stripe tells what happened, and asking it at once for a refund."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Refund, RefundStatus, WebhookEvent
from models.once import claim
from storefront.extensions import db, settings
from storefront.logs import log
from storefront.payments import disputes, refund_notes, refunds, service
from storefront.payments.access import gateway, guard, letters
from storefront.payments.gateway import (
    BadEventError,
    GatewayEvent,
    GatewayRefusedError,
    GatewayUnavailableError,
    ToldRefund,
)

ABOUT_PAYMENTS = ("refund.", "charge.refund", "charge.dispute.", "payment_intent.payment_failed")
TRIES = 3

bp = Blueprint("payments", __name__)

RETRY_AFTER = {"Retry-After": "30"}


@bp.post("/webhooks/stripe")
def receive() -> Response:
    """Take in one event; 2xx when it need not come again.

    The event only says where to look: the session is asked for, since events come late, twice and
    in any order.
    """
    if not settings().stripe_webhook_secret:
        return _answer("no webhook secret is set", 503)
    try:
        event = gateway().read_event(
            request.get_data(cache=False), request.headers.get("Stripe-Signature", "")
        )
    except BadEventError:
        log.warning("webhook refused")
        return _answer("bad signature", 400)
    if event.is_live != gateway().is_live or not _is_known(event):
        return _answer("ignored")
    try:
        return _answer(_with_patience(event))
    except (GatewayUnavailableError, OperationalError):
        db.session.rollback()
        return _answer("not now; send it again", 503)


def _is_known(event: GatewayEvent) -> bool:
    """Say whether it can be of an order: all that we sell is a session with a payment intent."""
    if event.session_id is not None:
        return True
    return event.type.startswith(ABOUT_PAYMENTS) and event.payment_intent_id is not None


def _with_patience(event: GatewayEvent) -> str:
    """Take an event in; a lock that another holds, or a deadlock, is tried again."""
    for _ in range(TRIES - 1):
        try:
            return _take_in(event)
        except OperationalError:
            db.session.rollback()
    return _take_in(event)


def _take_in(event: GatewayEvent) -> str:
    """Ask Stripe for what the event is about, and write that; each event once."""
    try:
        write = _asked(event)
    except GatewayRefusedError:
        return _ignored(event, "Stripe does not know it")
    noted = WebhookEvent(event_id=event.id, type=event.type, object_id=event.object_id)
    if not claim(db.session, noted):
        db.session.rollback()
        return "known"
    try:
        noted.outcome = write(db.session)
    except (service.UnknownSessionError, refund_notes.UnknownPaymentError):
        db.session.rollback()
        return _ignored(event, "another's")
    db.session.commit()
    log.info("webhook", extra={"event": event.type})
    return "done"


def _ignored(event: GatewayEvent, why: str) -> str:
    """Say in the log that an event was left alone: it would be the same if it came again."""
    log.warning("webhook ignored", extra={"event": event.type, "reason": why})
    return f"ignored: {why}"


def _asked(event: GatewayEvent) -> Callable[[Session], str]:
    """Return what to write, of a state that Stripe was asked for just now."""
    if event.session_id is not None:
        page = gateway().fetch_session(event.session_id)
        return lambda session: service.settle(session, page, letters()).status
    if event.dispute_id is not None:
        dispute = gateway().fetch_dispute(event.dispute_id)
        return lambda session: disputes.note(session, dispute).status
    if event.type == "payment_intent.payment_failed":
        return lambda session: guard().note_failure(session, event)
    told = gateway().refunds_of(event.payment_intent_id or "")
    return lambda session: _note_refunds(session, told)


def _note_refunds(session: Session, told: list[ToldRefund]) -> str:
    for each in reversed(told):  # the oldest first
        refund_notes.note(session, each, letters())
    return f"{len(told)} refunds"


def _answer(text: str, status: int = 200) -> Response:
    headers = RETRY_AFTER if status == 503 else {}  # noqa: PLR2004
    return Response(text + "\n", status, headers, mimetype="text/plain")


def asked(refund_id: int) -> Refund:
    """Ask Stripe for a refund that is committed, outside of any transaction; write its answer.

    Where it does not answer, a job asks until it does.
    """
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
