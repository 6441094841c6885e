"""Decide where the shop ships to, how, and at which price."""
