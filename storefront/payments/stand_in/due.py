"""What the clock brings: sessions expire, bank debits and their refunds are settled."""

from . import payments, refunds, sessions
from .store import Transaction


def run_due(tx: Transaction) -> None:
    """Do everything whose moment has come, oldest first."""
    while (object_id := tx.take_due()) is not None:
        thing = tx.get(object_id)
        if thing["object"] == "checkout.session":
            if thing["status"] == "open":
                sessions.end(tx, thing)
        elif thing["object"] == "payment_intent":
            payments.settle(tx, thing)
        else:
            refunds.settle(tx, thing)
