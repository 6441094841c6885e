"""Events: what happened, as Stripe tells it, and the plan to deliver each one."""

import json

from .ids import new_id
from .store import Json, Transaction

API_VERSION = "2026-08-26.dahlia"


def record(tx: Transaction, kind: str, thing: Json, previous: Json | None = None) -> None:
    """Write the event with the object as it is now; it is delivered after the commit.

    previous: the values that changed, for kinds that tell them (``previous_attributes``).
    """
    data: Json = {"object": json.loads(json.dumps(thing))}
    if previous is not None:
        data["previous_attributes"] = previous
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": tx.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": int(tx.has_endpoint),
        "request": {
            "id": tx.caller.request_id,
            "idempotency_key": tx.caller.idempotency_key,
        },
        "type": kind,
    }
    tx.events.append(tx.add(event))
    if tx.has_endpoint:
        tx.connection.execute(
            "INSERT INTO deliveries (event, first_at, next_at) VALUES (?, ?, ?)",
            (event["id"], tx.moment, tx.moment),
        )
