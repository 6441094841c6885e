"""What the clock brings: sessions and coupons expire; debits, refunds, disputes are settled."""

from collections.abc import Callable, Mapping

from . import coupons, disputes, payments, refunds, sessions
from .store import Json, Transaction

DUE: Mapping[str, Callable[[Transaction, Json], object]] = {
    "checkout.session": sessions.run_out,
    "coupon": coupons.end,
    "dispute": disputes.decide,
    "payment_intent": payments.settle,
    "refund": refunds.settle,
}


def run_due(tx: Transaction) -> None:
    """Do everything whose moment has come, oldest first."""
    while (object_id := tx.take_due()) is not None:
        thing = tx.get(object_id)
        DUE[thing["object"]](tx, thing)
