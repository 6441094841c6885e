"""Disputes: the bank takes the money back, the shop answers, the bank decides.

Source: Stripe API 2026-08-26.dahlia, ``dispute``; Stripe docs, "Testing", "Disputes" (what the
evidence decides) and "How disputes work" (statuses, the fee of a chargeback).
"""

from . import events
from .errors import StripeError, no_such
from .ids import new_id
from .shapes import EVIDENCE_FILES, EVIDENCE_TEXTS
from .store import Json, Transaction

FEE = 1500
ANSWER_WITHIN_S = 7 * 24 * 3600
NETWORK_REASON = {"fraudulent": "10.4", "product_not_received": "13.1"}
UNANSWERED = ("needs_response", "warning_needs_response")
WINS, LOSES = "winning_evidence", "losing_evidence"


def create(tx: Transaction, charge: Json, reason: str) -> Json:
    """Dispute a charge; an *inquiry* only asks, and takes no money."""
    dispute = tx.add(_dispute(tx, charge, reason))
    charge["disputed"] = True
    tx.save(charge)
    events.record(tx, "charge.dispute.created", dispute)
    if dispute["status"] == "needs_response":
        _move(tx, dispute, -1)
        events.record(tx, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def _dispute(tx: Transaction, charge: Json, why: str) -> Json:
    is_inquiry = why == "inquiry"
    reason = "fraudulent" if is_inquiry else why
    brand = charge["payment_method_details"]["card"]["brand"]
    return {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": tx.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys((*EVIDENCE_TEXTS, *EVIDENCE_FILES)), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": tx.now + ANSWER_WITHIN_S,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": brand,
                "case_type": "inquiry" if is_inquiry else "chargeback",
                "network": brand,
                "network_reason_code": NETWORK_REASON[reason],
            },
        },
        "reason": reason,
        "status": UNANSWERED[is_inquiry],
    }


def _move(tx: Transaction, dispute: Json, sign: int) -> None:
    """Take amount and fee from the balance, or give them back; at most once each."""
    amount, fee = sign * dispute["amount"], -sign * FEE
    wording = "withdrawal" if sign < 0 else "reversal"
    moved = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": tx.now,
        "balance_type": "payments",
        "created": tx.now,
        "currency": dispute["currency"],
        "description": f"Chargeback {wording} for {dispute['charge']}",
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [
            {
                "amount": fee,
                "application": None,
                "currency": dispute["currency"],
                "description": "Dispute fee",
                "type": "stripe_fee",
            }
        ],
        "net": amount - fee,
        "reporting_category": "dispute" if sign < 0 else "dispute_reversal",
        "source": dispute["id"],
        "status": "available",
        "type": "adjustment",
    }
    dispute["balance_transactions"].append(moved)
    tx.save(dispute)


def _find(tx: Transaction, dispute_id: str) -> Json:
    dispute = tx.find(dispute_id, "dispute")
    if dispute is None:
        raise no_such(dispute_id, "dispute", "dispute")
    return dispute


def update(tx: Transaction, params: Json, object_id: str) -> Json:
    """Take evidence or metadata; submitted evidence is decided upon when the clock goes on.

    As in Stripe's test mode, the whole text of ``uncategorized_text`` decides:
    ``winning_evidence`` or ``losing_evidence``. Any other leaves it under review.
    """
    dispute = _find(tx, object_id)
    if "evidence" in params:
        _refuse_answered(dispute)
        dispute["evidence"] |= params["evidence"]
        dispute["evidence_details"]["has_evidence"] = True
        if params.get("submit", True):
            _submit(tx, dispute)
    dispute["metadata"] |= params.get("metadata", {})
    tx.save(dispute)
    events.record(tx, "charge.dispute.updated", dispute)
    return dispute


def _refuse_answered(dispute: Json) -> None:
    if dispute["status"] not in UNANSWERED:
        raise StripeError(
            message=f"This dispute is {dispute['status']}: it takes no more evidence."
        )


def _submit(tx: Transaction, dispute: Json) -> None:
    is_inquiry = dispute["status"] == "warning_needs_response"
    dispute["status"] = "warning_under_review" if is_inquiry else "under_review"
    dispute["evidence_details"]["submission_count"] += 1
    if dispute["evidence"]["uncategorized_text"] in {WINS, LOSES}:
        tx.plan(dispute["id"], tx.moment)


def decide(tx: Transaction, dispute: Json) -> None:
    """Let the bank decide as the evidence says; an inquiry is closed either way."""
    wins = dispute["evidence"]["uncategorized_text"] == WINS
    if dispute["status"] == "under_review":
        _end(tx, dispute, "won" if wins else "lost")
    elif dispute["status"] == "warning_under_review":
        _end(tx, dispute, "warning_closed")


def close(tx: Transaction, _params: Json, object_id: str) -> Json:
    """Give in: the dispute is lost, an inquiry merely closed."""
    dispute = _find(tx, object_id)
    if dispute["status"] not in UNANSWERED:
        raise StripeError(message="This dispute is already closed.")
    is_inquiry = dispute["status"] == "warning_needs_response"
    _end(tx, dispute, "warning_closed" if is_inquiry else "lost")
    return dispute


def _end(tx: Transaction, dispute: Json, status: str) -> None:
    dispute["status"] = status
    dispute["is_charge_refundable"] = status in {"won", "warning_closed"}
    tx.save(dispute)
    if status == "won":
        _move(tx, dispute, +1)
    events.record(tx, "charge.dispute.closed", dispute)
    if status == "won":
        events.record(tx, "charge.dispute.funds_reinstated", dispute)


def refuse_refund(tx: Transaction, charge: Json) -> None:
    """Raise StripeError for a charge whose money the bank has taken already."""
    for dispute in tx.about_charge(charge["id"], "dispute"):
        if not dispute["is_charge_refundable"]:
            raise StripeError(
                message=f"Charge {charge['id']} has been charged back; cannot issue a refund.",
                code="charge_disputed",
            )
