"""Act on many orders at once."""
