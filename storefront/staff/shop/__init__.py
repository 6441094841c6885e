"""What the shop says of itself, and how it is set."""
