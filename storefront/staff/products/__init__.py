"""Edit what the shop sells."""
