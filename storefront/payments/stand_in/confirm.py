"""Payments confirmed over the API with a PaymentMethod, without the pay page.

Stripe's CLI pays so. ``/v1/payment_pages`` is not in Stripe's published API: its answers are
the Checkout Session itself, which is as much as the CLI looks at.
"""

from . import charges, customers, disputes, intents, methods, payments, sessions, totals
from .errors import DeclinedError, StripeError, not_done_here
from .money import refuse_tiny, refuse_uneven
from .store import Json, Transaction

NO_CONSENT = {"promotions": None, "terms_of_service": None}


def create_intent(tx: Transaction, params: Json) -> Json:
    """Make a PaymentIntent, and pay it at once where ``confirm`` says so.

    Raises DeclinedError, with the intent and its events kept, when the card is declined.
    """
    amount, currency = params["amount"], params["currency"]
    refuse_uneven(amount, currency, "amount")
    refuse_tiny(amount or 1, currency, "Amount")
    customer = customers.named(tx, params)
    intent = intents.create(tx, {**params, "customer": customer and customer["id"]})
    if params.get("confirm"):
        if "payment_method" not in params:
            raise StripeError(
                message="You cannot confirm this PaymentIntent because it's missing a payment "
                "method.",
                code="payment_intent_unexpected_state",
            )
        _pay(tx, intent, methods.find(tx, params["payment_method"]))
    return intent


def _pay(tx: Transaction, intent: Json, method: Json) -> None:
    if method["type"] not in intent["payment_method_types"] or method["type"] != "card":
        raise not_done_here(what=f"a {method['type']} without a Checkout Session")
    paid_with = methods.card_of(tx, method)
    if paid_with.is_challenged:
        raise not_done_here(what="3-D Secure without the pay page", param="payment_method")
    intent["payment_method"] = method["id"]
    details = charges.card_method(paid_with)
    status = "failed" if paid_with.decline else "succeeded"
    charge = charges.create(tx, intent, methods.person_of(method), details, status)
    if paid_with.decline:
        charges.fail(tx, charge, paid_with.decline)
        intents.fail(tx, intent, paid_with.decline, charge)
        raise DeclinedError(intent, method)
    charges.succeed(tx, charge)
    intents.succeed(tx, intent, charge)
    if paid_with.dispute:
        disputes.create(tx, charge, paid_with.dispute)


def show_page(tx: Transaction, _params: Json, object_id: str) -> Json:
    """Return the session whose page is asked for."""
    return sessions.find(tx, object_id)


def confirm_page(tx: Transaction, params: Json, object_id: str) -> Json:
    """Pay an open session, if its total is the expected one."""
    session = sessions.find(tx, object_id)
    if session["status"] != "open":
        raise StripeError(message=f"This Checkout Session is {session['status']}.")
    items = tx.owned(object_id, "item")
    cost = session["shipping_cost"]
    totals.locate(session)
    totals.add_up(session, items, tx.get(cost["shipping_rate"]) if cost else None)
    if params.get("expected_amount", session["amount_total"]) != session["amount_total"]:
        raise StripeError(
            message="The expected amount is not the total of the Checkout Session.",
            code="checkout_amount_mismatch",
            param="expected_amount",
        )
    for thing in (session, *items):
        tx.save(thing)
    if session["amount_total"] == 0:
        nobody = dict.fromkeys(("address", "email", "name", "phone"))
        payments.pay_nothing(tx, session, {"person": nobody, "consent": NO_CONSENT})
    else:
        _pay_session(tx, session, methods.find(tx, params.get("payment_method", "")))
    return session


def _pay_session(tx: Transaction, session: Json, method: Json) -> None:
    if method["type"] not in session["payment_method_types"]:
        raise StripeError(
            message=f"The PaymentMethod of type {method['type']} is not among the session's: "
            f"{', '.join(session['payment_method_types'])}.",
            param="payment_method",
        )
    details = {
        "person": methods.person_of(method),
        "consent": NO_CONSENT,
        "payment_method": method["id"],
    }
    if method["type"] != "card":
        succeeds = methods.debit_succeeds(tx, method)
        payments.pay_by_bank(tx, session, details, succeeds=succeeds)
        return
    paid_with = methods.card_of(tx, method)
    if paid_with.is_challenged:
        raise not_done_here(what="3-D Secure without the pay page", param="payment_method")
    if payments.pay_by_card(tx, session, details, paid_with):
        raise DeclinedError(tx.get(session["payment_intent"]), method)
