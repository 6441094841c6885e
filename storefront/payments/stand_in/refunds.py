"""Refunds: bounded by what is left. Source: Stripe API 2026-08-26.dahlia, "Refunds"."""

from . import events
from .errors import StripeError, no_such
from .ids import new_id
from .money import shown
from .store import Json, Transaction


def create(tx: Transaction, params: Json) -> Json:
    """Give back ``amount`` minor units, or all that is left; a bank debit's takes a while."""
    charge = _charge(tx, params)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise StripeError(
            message=f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
        )
    amount = params.get("amount", left)
    if amount > left:
        what = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        raise StripeError(
            message=f"Refund amount ({shown(amount, charge['currency'])}) is greater than {what} "
            f"({shown(left, charge['currency'])})",
            param="amount",
        )
    refund = tx.add(_refund(tx, charge, amount, params))
    events.record(tx, "refund.created", refund)
    _take_from(tx, charge, amount)
    if refund["status"] == "pending":
        tx.plan(refund["id"], tx.moment + tx.settings.delayed_payment_s)
    return refund


def _charge(tx: Transaction, params: Json) -> Json:
    """Return the paid charge that is meant, or refuse as Stripe does."""
    if ("charge" in params) == ("payment_intent" in params):
        raise StripeError(
            message="One of the following params should be provided for this request: "
            "payment_intent or "
            "charge."
        )
    if "payment_intent" in params:
        return _charge_of_intent(tx, params["payment_intent"])
    charge = tx.find(params["charge"], "charge")
    if charge is None:
        raise no_such(params["charge"], "charge", "charge", status=400)
    if charge["status"] != "succeeded":
        raise StripeError(
            message=f"Charge {charge['id']} has not succeeded: it cannot be refunded."
        )
    return charge


def _charge_of_intent(tx: Transaction, intent_id: str) -> Json:
    intent = tx.find(intent_id, "payment_intent")
    if intent is None:
        raise no_such(intent_id, "payment_intent", "payment_intent", status=400)
    if intent["status"] != "succeeded":
        raise StripeError(
            message=f"This PaymentIntent ({intent_id}) does not have a successful charge to "
            f"refund.",
            param="payment_intent",
        )
    return tx.get(intent["latest_charge"])


def _refund(tx: Transaction, charge: Json, amount: int, params: Json) -> Json:
    is_card = charge["payment_method_details"]["type"] == "card"
    refund: Json = {
        "id": new_id("re" if is_card else "pyr"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "customer": None,
        "customer_account": None,
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded" if is_card else "pending",
        "transfer_reversal": None,
    }
    if is_card:
        refund["destination_details"] = {
            "type": "card",
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number",
                     "type": "refund"},
        }  # fmt: skip
    else:
        refund["pending_reason"] = "processing"
    return refund


def _take_from(tx: Transaction, charge: Json, amount: int) -> None:
    before = {"amount_refunded": charge["amount_refunded"]}
    charge["amount_refunded"] += amount
    if charge["amount_refunded"] == charge["amount"]:
        charge["refunded"] = True
        before["refunded"] = False
    tx.save(charge)
    events.record(tx, "charge.refunded", charge, before)


def settle(tx: Transaction, refund: Json) -> None:
    """Let a pending refund arrive."""
    before = {"status": refund["status"], "pending_reason": refund.pop("pending_reason")}
    refund["status"] = "succeeded"
    tx.save(refund)
    events.record(tx, "refund.updated", refund, before)
