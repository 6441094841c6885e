"""Gift cards as staff see them: each with its ledger, and those that they issue themselves."""
