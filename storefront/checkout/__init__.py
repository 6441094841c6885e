"""Turn a basket into an order, and the order into money."""
