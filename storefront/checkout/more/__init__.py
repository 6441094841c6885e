"""Adding units to an order that was just paid."""
