"""Spreadsheets that come in: checked, applied, undone."""
