"""Gift cards that are to pay, and gift messages."""
