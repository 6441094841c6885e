"""Fill a basket."""
