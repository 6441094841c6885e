"""Decide what may be taken off an order."""
