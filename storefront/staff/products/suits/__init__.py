"""Whom a product is for: its regions, who should not use it, and how to tell that it fits."""
