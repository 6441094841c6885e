"""Cells of a spreadsheet that do nothing when it is opened."""

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return a cell that no program takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
