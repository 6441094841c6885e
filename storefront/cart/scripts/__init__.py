"""The cart as the hosted shop's scripts change it."""
