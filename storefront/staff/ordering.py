"""Rows that staff put in order: by numbers, by the buttons *Up* and *Down*, or by dragging."""

from collections.abc import Mapping, Sequence

from storefront.forms import quantity_from

MOST = 1000


class BadPlaceError(ValueError):
    """A number is no place in the list. row_id: whose; the message is for people."""

    def __init__(self, row_id: int, message: str) -> None:
        """Remember the row."""
        super().__init__(message)
        self.row_id = row_id


def arranged(ids: Sequence[int], typed: Mapping[str, str]) -> list[int]:
    """Return rows in the order that was typed, as ``place-<id>`` counted from 1.

    A row with a new number goes before the one that has it. ``act`` may be ``up-<id>`` or
    ``down-<id>``. Raises BadPlaceError.
    """
    keys = {}
    for index, row_id in enumerate(ids):
        try:
            place = quantity_from(typed.get(f"place-{row_id}", str(index + 1)), largest=MOST)
        except ValueError as wrong:
            raise BadPlaceError(row_id, str(wrong)) from None
        moved = place - (index + 1)
        keys[row_id] = (place, (moved > 0) - (moved < 0), index)
    found = sorted(ids, key=keys.__getitem__)
    step, _, moved_id = typed.get("act", "").partition("-")
    if step in {"up", "down"}:
        _move(found, moved_id, -1 if step == "up" else 1)
    return found


def _move(ids: list[int], moved: str, by: int) -> None:
    index = next((index for index, row_id in enumerate(ids) if str(row_id) == moved), None)
    if index is None or not 0 <= index + by < len(ids):
        return
    ids[index], ids[index + by] = ids[index + by], ids[index]
