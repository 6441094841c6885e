"""Counting a location as a whole."""
