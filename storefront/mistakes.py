"""Where a page begins that shows what is wrong in a form."""

from flask import g


def is_first_mistake() -> bool:
    """Say of the first wrong field of a page alone that it is: the browser begins there."""
    is_first = "has_mistake" not in g
    g.has_mistake = True
    return is_first
