"""Delivers events: signed, again and again until answered 2xx, each by one worker only.

Source: Stripe docs, "Receive Stripe events in your webhook endpoint", "Verify signatures".
"""

import hashlib
import hmac
import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import requests

if TYPE_CHECKING:
    from .core import StandIn

USER_AGENT = "Stripe/1.0 (local stand-in)"


class Delivery(NamedTuple):
    """One event that this worker, and no other, is about to send."""

    seq: int
    event: str
    attempts: int
    first_at: float
    body: str


def deliver_due(stand_in: "StandIn") -> int:
    """Send every delivery that is due, once each; return how many were accepted."""
    accepted = 0
    while (address := stand_in.webhook_url) and not stand_in.is_ending:
        delivery = _claim(stand_in)
        if delivery is None:
            break
        if stand_in.faults.happens("never", delivery.seq):
            _write_down(stand_in, delivery, state="failed")
            continue
        times = 2 if stand_in.faults.happens("twice", delivery.seq) else 1
        taken = sum(_post(stand_in, address, delivery.body) for _ in range(times))
        _write_down(stand_in, delivery, state="delivered" if taken else "pending")
        accepted += taken
    return accepted


def _claim(stand_in: "StandIn") -> Delivery | None:
    """Take the oldest due delivery off the table for as long as sending it may last.

    A worker that dies with it leaves it to be sent again after that time.
    """
    lease_s = 2 * stand_in.settings.webhook_timeout_s
    now, faults = stand_in.now(), stand_in.faults
    with stand_in.store.transaction() as connection:
        rows = connection.execute(
            "SELECT seq, first_at FROM deliveries WHERE state = 'pending' AND next_at <= ?"
            " ORDER BY seq",
            (now,),
        )
        due = [seq for seq, first_at in rows if not faults.is_late(seq, now - first_at)]
        if not due:
            return None
        row = connection.execute(
            "UPDATE deliveries SET next_at = ? WHERE seq = ?"
            " RETURNING seq, event, attempts, first_at,"
            " (SELECT body FROM objects WHERE id = deliveries.event)",
            (now + lease_s, faults.pick(due)),
        ).fetchone()
    return Delivery(*row)


def signature(secret: str, body: bytes) -> str:
    """Return the ``Stripe-Signature`` header; its time is the real one, never the moved clock."""
    moment = int(time.time())
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"


def _post(stand_in: "StandIn", address: str, event: str) -> bool:
    """Send it; True when the endpoint took it. Redirects are failures, as at Stripe."""
    body = json.dumps(json.loads(event), indent=2).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(stand_in.settings.webhook_secret, body),
        "User-Agent": USER_AGENT,
    }
    try:
        answer = requests.post(
            address,
            data=body,
            headers=headers,
            timeout=stand_in.settings.webhook_timeout_s,
            allow_redirects=False,
        )
    except requests.RequestException:
        return False
    return HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES


def _write_down(stand_in: "StandIn", delivery: Delivery, *, state: str) -> None:
    """Note how it went; what is still *pending* comes again later, until it is given up."""
    settings, now = stand_in.settings, stand_in.now()
    delays = settings.retry_delays_s
    next_at = now + delays[min(delivery.attempts, len(delays) - 1)]
    if state == "pending" and now - delivery.first_at >= settings.give_up_after_s:
        state = "failed"
    with stand_in.store.transaction() as connection:
        connection.execute(
            "UPDATE deliveries SET state = ?, attempts = attempts + 1, next_at = ? WHERE event = ?",
            (state, next_at, delivery.event),
        )
        if state == "delivered":
            connection.execute(
                "UPDATE objects SET body = json_set(body, '$.pending_webhooks', 0) WHERE id = ?",
                (delivery.event,),
            )
