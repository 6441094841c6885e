"""Edit what the shop writes."""
