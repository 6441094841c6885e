"""See where money and orders do not agree, and resolve it."""
