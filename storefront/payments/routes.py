"""The address at which Stripe tells what happened."""

from flask import Blueprint, Response, request

from models import WebhookEvent
from models.once import claim
from storefront.extensions import db, settings
from storefront.logs import log
from storefront.payments import service
from storefront.payments.access import gateway, letters
from storefront.payments.gateway import (
    BadEventError,
    GatewayEvent,
    GatewayRefusedError,
    GatewayUnavailableError,
)

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
    if event.session_id is None or event.is_live != gateway().is_live:
        return _answer("ignored")
    try:
        return _answer(_take_in(event, event.session_id))
    except GatewayUnavailableError:
        return _answer("Stripe did not answer; send it again", 503)


def _take_in(event: GatewayEvent, session_id: str) -> str:
    try:
        found = gateway().fetch_session(session_id)
    except GatewayRefusedError:
        return "ignored: no such session"
    noted = WebhookEvent(event_id=event.id, type=event.type, object_id=event.object_id)
    if not claim(db.session, noted):
        db.session.rollback()
        return "known"
    try:
        order = service.settle(db.session, found, letters())
    except service.UnknownSessionError:
        db.session.rollback()
        return "ignored: another's session"
    noted.outcome = order.status
    db.session.commit()
    log.info("webhook", extra={"event": event.type, "order": order.number})
    return "done"


def _answer(text: str, status: int = 200) -> Response:
    headers = RETRY_AFTER if status == 503 else {}  # noqa: PLR2004
    return Response(text + "\n", status, headers, mimetype="text/plain")
