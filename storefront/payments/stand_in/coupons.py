"""Coupons: made, read, changed, deleted, taken off a session once.

Source: Stripe API 2026-08-26.dahlia, ``coupon``.
"""

from decimal import Decimal

from . import events
from .errors import StripeError, no_such
from .ids import new_id
from .money import refuse_uneven, rounded
from .store import Json, Transaction

DELETED = "coupon.deleted"


def create(tx: Transaction, params: Json) -> Json:
    """Write a coupon: an amount in one currency, or a part of a hundred."""
    _refuse_unclear(params)
    coupon_id = params.get("id") or new_id("", 8).lstrip("_")
    if tx.find(coupon_id, DELETED) is not None:
        tx.forget(coupon_id)
    if tx.find(coupon_id) is not None:
        raise StripeError(
            message="Coupon already exists.", code="resource_already_exists", param="id"
        )
    coupon = tx.add(
        {
            "id": coupon_id,
            "object": "coupon",
            "amount_off": params.get("amount_off"),
            "created": tx.now,
            "currency": params.get("currency") if "amount_off" in params else None,
            "duration": "once",
            "duration_in_months": None,
            "livemode": False,
            "max_redemptions": params.get("max_redemptions"),
            "metadata": params.get("metadata", {}),
            "name": params.get("name"),
            "percent_off": params.get("percent_off"),
            "redeem_by": params.get("redeem_by"),
            "times_redeemed": 0,
            "valid": True,
        }
    )
    if coupon["redeem_by"] is not None:
        tx.plan(coupon_id, coupon["redeem_by"])
    events.record(tx, "coupon.created", coupon)
    return coupon


def _refuse_unclear(params: Json) -> None:
    if ("amount_off" in params) == ("percent_off" in params):
        raise StripeError(
            message="You must pass either percent_off or amount_off, and not both.",
            param="percent_off",
        )
    if "amount_off" in params:
        if "currency" not in params:
            raise StripeError(
                message="You must pass currency when passing amount_off.", param="currency"
            )
        refuse_uneven(params["amount_off"], params["currency"], "amount_off")


def find(tx: Transaction, coupon_id: str, *, status: int = 404, param: str = "coupon") -> Json:
    """Return the coupon as it is at this moment, or refuse as Stripe does."""
    coupon = tx.find(coupon_id, "coupon")
    if coupon is None:
        raise no_such(coupon_id, "coupon", param, status=status)
    return coupon


def update(tx: Transaction, params: Json, object_id: str) -> Json:
    """Change what may be changed: name and metadata, never the amount."""
    coupon = find(tx, object_id)
    before = {name: coupon[name] for name in params if name != "expand"}
    metadata = {**coupon["metadata"], **params.get("metadata", {})}
    coupon |= {"name": params.get("name", coupon["name"]), "metadata": metadata}
    tx.save(coupon)
    events.record(tx, "coupon.updated", coupon, before)
    return coupon


def delete(tx: Transaction, _params: Json, object_id: str) -> Json:
    """Let no further session have it; those that do keep it."""
    coupon = find(tx, object_id)
    tx.retire(object_id, DELETED)
    events.record(tx, "coupon.deleted", coupon)
    return {"id": object_id, "object": "coupon", "deleted": True}


def of_session(tx: Transaction, params: Json) -> Json | None:
    """Return the coupon that a new session names, if it can still be redeemed."""
    discounts = params.get("discounts", [])
    if not discounts:
        return None
    if len(discounts) > 1:
        raise StripeError(message="You can pass at most 1 discount.", param="discounts")
    if "allow_promotion_codes" in params:
        raise StripeError(
            message="You may only specify one of these parameters: allow_promotion_codes, "
            "discounts.",
        )
    coupon = find(tx, discounts[0]["coupon"], status=400, param="discounts[0][coupon]")
    if not coupon["valid"]:
        raise StripeError(
            message=f"Coupon {coupon['id']} is used up or expired and cannot be applied.",
            code="coupon_expired",
            param="discounts",
        )
    return coupon


def amount_of(coupon: Json, items: list[Json], currency: str) -> int:
    """Return what it takes off these lines: never more than they cost."""
    subtotal: int = sum(item["amount_subtotal"] for item in items)
    if coupon["amount_off"] is None:
        off = Decimal(str(coupon["percent_off"])) * subtotal / 100
        return min(subtotal, rounded(off, currency))
    if coupon["currency"] != currency:
        raise StripeError(
            message=f"The coupon {coupon['id']} takes off an amount in {coupon['currency']} and "
            f"cannot be applied to {currency}.",
            param="discounts",
        )
    return min(subtotal, int(coupon["amount_off"]))


def redeem(tx: Transaction, session: Json) -> None:
    """Count the session's coupon as used; the last time makes it invalid."""
    for discount in session["discounts"]:
        coupon = tx.find(discount["coupon"], "coupon")
        if coupon is not None:
            coupon["times_redeemed"] += 1
            most = coupon["max_redemptions"]
            coupon["valid"] = most is None or coupon["times_redeemed"] < most
            tx.save(coupon)


def end(tx: Transaction, coupon: Json) -> None:
    """Make it invalid: the moment until which it could be redeemed has come."""
    tx.save({**coupon, "valid": False})
