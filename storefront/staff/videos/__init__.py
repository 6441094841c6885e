"""Add films to texts, and edit them."""
