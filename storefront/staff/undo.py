"""Undo rather than confirmation: what was done is said with a button that takes it back."""

from flask import flash


def flash_with_undo(words: str, address: str) -> None:
    """Say on the next page what was done, with *Undo*, which posts to an address of the shop.

    The address says all that is needed; what it leads to checks again whether it may still be.
    """
    flash(words, address)
