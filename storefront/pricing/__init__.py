"""Reckon what a cart costs."""
