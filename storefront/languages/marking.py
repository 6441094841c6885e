"""Marks what is written in another language than its page."""

from markupsafe import Markup

from models.language import LANGUAGES, language


def lang(code: str | None) -> Markup:
    """Return the attribute ``lang``, with a space before it, of what people wrote in a language.

    Nothing where it is the page's own, or where nobody knows it.
    """
    if not code or code == language():
        return Markup()
    return Markup(' lang="%s"') % code


def own_name() -> str:
    """Return what the speakers of the language spoken now call it."""
    return LANGUAGES[language()]
