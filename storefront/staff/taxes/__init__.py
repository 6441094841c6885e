"""Decide which tax is due where."""
