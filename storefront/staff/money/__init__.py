"""See where money and orders do not agree, and settle it."""
