"""See stock and its ledger, and correct it."""
