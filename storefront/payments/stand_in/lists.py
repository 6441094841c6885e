"""Pages of a list. Source: Stripe API 2026-08-26.dahlia, "Pagination"."""

import json
from typing import Any

from .errors import StripeError, no_such
from .store import Json, Transaction

DEFAULT_LIMIT, MOST = 10, 100
# Source: Stripe API, "List all events": going back up to 30 days.
EVENTS_KEPT_S = 30 * 24 * 3600
FILTERS = (
    "active", "charge", "currency", "customer", "email", "payment_intent", "product", "status",
)  # fmt: skip
BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def newest(tx: Transaction, kind: str, address: str, params: Json) -> Json:
    """List one kind, newest first, filtered by whatever of its own fields was asked."""
    where: list[str] = ["kind = ?"]
    values: list[Any] = [kind]
    for field in FILTERS:
        if field in params:
            where.append(f"json_extract(body, '$.{field}') = ?")
            values.append(params[field])
    if "customer_details" in params:
        where.append("json_extract(body, '$.customer_details.email') = ?")
        values.append(params["customer_details"]["email"])
    if kind == "event":
        where.append("json_extract(body, '$.created') >= ?")
        values.append(tx.now - EVENTS_KEPT_S)
    if "type" in params:
        # Source: Stripe API, "List all events": a * in a type stands for anything.
        where.append("json_extract(body, '$.type') GLOB ?")
        values.append(params["type"])
    if "types" in params:
        where.append("json_extract(body, '$.type') IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(params["types"]))
    for bound, moment in params.get("created", {}).items():
        where.append(f"json_extract(body, '$.created') {BOUNDS[bound]} ?")
        values.append(moment)
    return _page(tx, address, params, (" AND ".join(where), values, "DESC"))


def in_order(tx: Transaction, owner: str, kind: str, address: str, params: Json) -> Json:
    """List what belongs to ``owner``, in the order it was made."""
    return _page(tx, address, params, ("owner = ? AND kind = ?", [owner, kind], "ASC"))


def _page(tx: Transaction, address: str, params: Json, query: tuple[str, list[Any], str]) -> Json:
    where, values, order = query
    limit = params.get("limit", DEFAULT_LIMIT)
    if limit > MOST:
        raise StripeError(
            message=f"This value must be less than or equal to {MOST} (it is currently '{limit}').",
            code="parameter_invalid_integer",
            param="limit",
        )
    backwards = "ending_before" in params
    if backwards and "starting_after" in params:
        raise StripeError(
            message="You cannot parameterize both starting_after and ending_before.",
            param="starting_after",
        )
    cursor = params.get("ending_before") or params.get("starting_after")
    if cursor is not None:
        where += f" AND seq {'>' if (order == 'ASC') != backwards else '<'} ?"
        values = [
            *values,
            _place_of(tx, cursor, "ending_before" if backwards else "starting_after"),
        ]
    if backwards:
        order = "ASC" if order == "DESC" else "DESC"
    rows = tx.connection.execute(
        # Only fixed words and bound parameters: no part of a request is in the text.
        f"SELECT body FROM objects WHERE {where} ORDER BY seq {order} LIMIT ?",  # noqa: S608
        (*values, limit + 1),
    ).fetchall()
    data = [json.loads(body) for (body,) in rows[:limit]]
    return {
        "object": "list",
        "url": address,
        "has_more": len(rows) > limit,
        "data": data[::-1] if backwards else data,
    }


def _place_of(tx: Transaction, object_id: str, param: str) -> int:
    row = tx.connection.execute("SELECT seq FROM objects WHERE id = ?", (object_id,)).fetchone()
    if row is None:
        raise no_such(object_id, "object", param, status=400)
    return int(row[0])
