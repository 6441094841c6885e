"""Look at an order."""
