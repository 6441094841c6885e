"""Change or cancel an order, for an hour after it was paid and until staff have it in hand."""
