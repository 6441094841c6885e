"""Papers of an order: what is packed, and what is owed and paid."""
