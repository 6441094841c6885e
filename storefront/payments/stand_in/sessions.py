"""Checkout Sessions: made, expired, completed.

Source: Stripe API 2026-08-26.dahlia, "Checkout Sessions".
"""

from . import coupons, customers, events, totals
from .errors import StripeError, no_such
from .ids import new_id
from .lines import Cart, cart
from .session_object import customer_details, session_object
from .store import Json, Transaction

SHORTEST_S, LONGEST_S = 30 * 60, 24 * 3600


def create(tx: Transaction, params: Json) -> Json:
    """Open a session; its page is at ``url`` and it expires by the clock."""
    expires_at = params.get("expires_at", tx.now + LONGEST_S)
    _refuse_bad_expiry(expires_at - tx.now)
    goods = cart(tx, params)
    session = _session(tx, params, goods, expires_at)
    if session["automatic_tax"]["enabled"]:
        totals.refuse_untaxable(goods.items, goods.shipping)
    totals.choose_shipping(session, goods.first_shipping)
    totals.add_up(session, goods.items, goods.first_shipping)
    totals.refuse_tiny_totals(session, goods.shipping)
    tx.add(session)
    for item in goods.items:
        tx.add(item, owner=session["id"])
    # Kept beside the session: Stripe does not show it again until there is a PaymentIntent.
    intent_data = {"id": f"{session['id']}/intent", **params.get("payment_intent_data", {})}
    tx.add(intent_data, kind="intent_data")
    tx.plan(session["id"], expires_at)
    return session


def _session(tx: Transaction, params: Json, goods: Cart, expires_at: int) -> Json:
    session_id = new_id("cs_test", 60)
    coupon, customer = goods.coupon, customers.named(tx, params)
    return session_object(
        session_id,
        params,
        {
            "amount_subtotal": goods.subtotal,
            "created": tx.now,
            "currency": goods.currency,
            "customer": customer and customer["id"],
            "customer_details": _known(params, customer),
            "discounts": [{"coupon": coupon["id"], "promotion_code": None}] if coupon else [],
            "expires_at": expires_at,
            "payment_method_types": payment_method_types(goods.currency, params),
            "shipping_options": [
                {"shipping_amount": rate["fixed_amount"]["amount"], "shipping_rate": rate["id"]}
                for rate in goods.shipping
            ],
            "url": f"{tx.caller.base_url}/c/pay/{session_id}",
        },
    )


def _known(params: Json, customer: Json | None) -> Json | None:
    """Return ``customer_details`` as far as the shop has told them."""
    if customer is not None:
        told = {name: customer[name] for name in ("address", "email", "name", "phone")}
        return customer_details(**told)
    email = params.get("customer_email")
    return customer_details(email=email) if email else None


def payment_method_types(currency: str, params: Json) -> list[str]:
    """Return the methods a session offers: a card, and a bank debit where there is one."""
    debits = {"usd": "us_bank_account", "eur": "sepa_debit"}
    offered = ["card", debits[currency]] if currency in debits else ["card"]
    wanted: list[str] = params.get("payment_method_types", offered)
    if not wanted or not set(wanted) <= set(offered):
        raise StripeError(
            message=f"Of {', '.join(wanted)}, only {', '.join(offered)} can pay in {currency}.",
            param="payment_method_types",
        )
    return wanted


def _refuse_bad_expiry(seconds: int) -> None:
    if seconds < SHORTEST_S:
        raise StripeError(
            message="The `expires_at` timestamp must be at least 30 minutes from Checkout Session "
            "creation.",
            param="expires_at",
        )
    if seconds > LONGEST_S:
        raise StripeError(
            message="The `expires_at` timestamp must be less than 24 hours from Checkout "
            "Session creation.",
            param="expires_at",
        )


def find(tx: Transaction, session_id: str) -> Json:
    """Return the session, or refuse as Stripe does."""
    session = tx.find(session_id, "checkout.session")
    if session is None:
        raise no_such(session_id, "checkout.session", "session")
    return session


def expire(tx: Transaction, _params: Json, object_id: str) -> Json:
    """End an open session; a complete or expired one is refused and stays as it is."""
    session = find(tx, object_id)
    if session["status"] != "open":
        raise StripeError(
            message='Only Checkout Sessions with a status in ["open"] can be expired. This '
            "Checkout "
            f"Session has a status of `{session['status']}`.",
            param="session",
        )
    return end(tx, session)


def run_out(tx: Transaction, session: Json) -> None:
    """Expire a session whose time is over, unless it is complete."""
    if session["status"] == "open":
        end(tx, session)


def end(tx: Transaction, session: Json) -> Json:
    """Expire an open session and cancel a payment somebody began on it."""
    session["status"], session["url"] = "expired", None
    tx.save(session)
    if session["payment_intent"]:
        _cancel(tx, tx.get(session["payment_intent"]))
    events.record(tx, "checkout.session.expired", session)
    return session


def _cancel(tx: Transaction, intent: Json) -> None:
    intent["status"], intent["next_action"] = "canceled", None
    intent["canceled_at"], intent["cancellation_reason"] = tx.now, "automatic"
    tx.save(intent)
    events.record(tx, "payment_intent.canceled", intent)


def complete(tx: Transaction, session: Json, details: Json, *, payment_status: str) -> None:
    """Close the session with what the buyer gave: the page is done, paid or to be paid."""
    person, consent = details["person"], details["consent"]
    session["status"], session["url"] = "complete", None
    session["payment_status"] = payment_status
    session["customer_details"] = customer_details(**person)
    session["collected_information"] = {
        "business_name": None,
        "individual_name": None,
        "shipping_details": shipping_details(session, person),
    }
    session["consent"] = consent if session["consent_collection"] else None
    tx.save(session)
    coupons.redeem(tx, session)
    events.record(tx, "checkout.session.completed", session)


def shipping_details(session: Json, person: Json) -> Json | None:
    """Return where to send it, when the session asked for an address and one was given."""
    if session["shipping_address_collection"] is None or not person["name"]:
        return None
    return {"address": person["address"], "name": person["name"]}
