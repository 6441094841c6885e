"""``expand[]``: ids replaced by the objects they name.

Source: Stripe API 2026-08-26.dahlia, "Expanding Responses".
"""

from typing import Any

from .errors import StripeError
from .lists import in_order, newest
from .store import Json, Transaction

DEEPEST = 4


def expand(tx: Transaction, thing: Json, paths: list[str]) -> Json:
    """Return a copy of ``thing`` with each dotted path replaced, or raise StripeError."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise StripeError(
                message=f"You cannot expand more than {DEEPEST} levels of a property. "
                f"Property: {path}",
                param="expand",
            )
        thing = _along(tx, thing, steps, path)
    return thing


def _along(tx: Transaction, thing: Any, steps: list[str], path: str) -> Any:
    if not steps or thing is None:
        return thing
    if isinstance(thing, list):
        return [_along(tx, each, steps, path) for each in thing]
    found = _value(tx, thing, steps[0])
    if found is None and steps[0] not in thing:
        raise StripeError(message=f"This property cannot be expanded ({path}).", param="expand")
    return {**thing, steps[0]: _along(tx, found, steps[1:], path)}


def _value(tx: Transaction, thing: Json, name: str) -> Any:
    """Return the object behind a property; lists that are only given when asked for, too."""
    if name == "line_items" and thing.get("object") == "checkout.session":
        session_id = thing["id"]
        return in_order(
            tx, session_id, "item", f"/v1/checkout/sessions/{session_id}/line_items", {}
        )
    if name == "refunds" and thing.get("object") == "charge":
        charge_id = thing["id"]
        return newest(tx, "refund", f"/v1/charges/{charge_id}/refunds", {"charge": charge_id})
    value = thing.get(name)
    if isinstance(value, str):
        # A plain property ("currency") names nothing, and is refused as Stripe refuses it.
        found = tx.find(value)
        if found is None:
            raise StripeError(message=f"This property cannot be expanded ({name}).", param="expand")
        return found
    return value
