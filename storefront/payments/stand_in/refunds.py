"""Refunds: bounded by what is left, some later, some in vain.

Source: Stripe API 2026-08-26.dahlia, "Refunds"; Stripe docs, "Testing", "Refunds".
"""

from . import disputes, events
from .cards import REFUND_FAILS, REFUND_PENDING
from .errors import StripeError, no_such
from .ids import new_id
from .money import refuse_uneven, shown
from .store import Json, Transaction

FAILURE_REASON = "expired_or_canceled_card"


def create(tx: Transaction, params: Json) -> Json:
    """Give back ``amount`` minor units, or all that is left; some refunds take a while."""
    charge = _charge(tx, params)
    disputes.refuse_refund(tx, charge)
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise StripeError(
            message=f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
        )
    amount = params.get("amount", left)
    refuse_uneven(amount, charge["currency"], "amount")
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
    if refund["status"] == "pending" or _paid_with(charge, REFUND_FAILS):
        tx.plan(refund["id"], tx.moment + tx.settings.delayed_payment_s)
    return refund


def _paid_with(charge: Json, number: str) -> bool:
    """Tell whether the charge was paid with this test card: its last digits are its own."""
    method = charge["payment_method_details"]
    return method["type"] == "card" and bool(method["card"]["last4"] == number[-4:])


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
    is_pending = not is_card or _paid_with(charge, REFUND_PENDING)
    refund: Json = {
        "id": new_id("re" if is_card else "pyr"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "metadata": params.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if is_pending else "succeeded",
        "transfer_reversal": None,
    }
    if is_card:
        refund["destination_details"] = {
            "type": "card",
            "card": {"type": "pending"} if is_pending else _to_the_card(),
        }
    if is_pending:
        refund["pending_reason"] = "processing"
    return refund


def _to_the_card() -> Json:
    return {
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    }


def _take_from(tx: Transaction, charge: Json, amount: int) -> None:
    before = {"amount_refunded": charge["amount_refunded"]}
    charge["amount_refunded"] += amount
    if charge["amount_refunded"] == charge["amount"]:
        charge["refunded"] = True
        before["refunded"] = False
    tx.save(charge)
    events.record(tx, "charge.refunded", charge, before)


def update(tx: Transaction, params: Json, object_id: str) -> Json:
    """Change the metadata, and nothing else."""
    refund = tx.find(object_id, "refund")
    if refund is None:
        raise no_such(object_id, "refund", "refund")
    before = {"metadata": refund["metadata"]}
    refund["metadata"] = {**refund["metadata"], **params.get("metadata", {})}
    tx.save(refund)
    _tell(tx, refund, before)
    return refund


def settle(tx: Transaction, refund: Json) -> None:
    """Let a pending refund arrive, or let one fail that seemed to have."""
    if refund["status"] == "pending":
        before = {"status": refund["status"], "pending_reason": refund.pop("pending_reason")}
        refund["status"] = "succeeded"
        if "destination_details" in refund:
            refund["destination_details"]["card"] = _to_the_card()
        tx.save(refund)
        _tell(tx, refund, before)
    else:
        _fail(tx, refund)


def _fail(tx: Transaction, refund: Json) -> None:
    """Give the money back to the shop: the charge counts it as not refunded again."""
    refund["status"], refund["failure_reason"] = "failed", FAILURE_REASON
    tx.save(refund)
    charge = tx.get(refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    tx.save(charge)
    before = {"status": "succeeded", "failure_reason": None}
    _tell(tx, refund, before)
    events.record(tx, "refund.failed", refund, before)


def _tell(tx: Transaction, refund: Json, before: Json) -> None:
    # Source: Stripe docs, "Types of events": the older name is sent beside the newer.
    events.record(tx, "charge.refund.updated", refund, before)
    events.record(tx, "refund.updated", refund, before)
