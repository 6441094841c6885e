"""The words of the sources in the language that is spoken now, from ``<language>/…/messages.po``.

The catalogues are read as their translators write them: there is no compiled file beside them that
could be older. Babel's own tools extract the messages (``make words``).
"""

from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.support import LazyProxy, NullTranslations, Translations
from flask import Flask
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from models.language import OTHERS, language

FOLDER = Path(__file__).parent


def path_of(code: str) -> Path:
    """Return where the catalogue of a language is kept."""
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


@cache
def translations(code: str) -> NullTranslations:
    """Return the catalogue of a language; that of the shop's own says what the sources say."""
    if code not in OTHERS:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path_of(code).open("rb") as source:
        catalog = read_po(source, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken now, with its values in their places."""
    text: str = translations(language()).gettext(message)
    return text % values if values else text


def gettext_noop(message: str, /) -> str:
    """Return a message as it is, marked for the catalogues: it is said where it is shown."""
    return message


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the message for a count, as the language counts; ``%(count)s`` is the count."""
    text: str = translations(language()).ngettext(one, many, count)
    return text % {"count": count, **values}


def lazy_gettext(message: str, /, **values: object) -> str:
    """Return a message that is looked up whenever it is shown: for what is written once, at import.

    It is a str to whoever reads it; its type says so.
    """
    return cast("str", LazyProxy(gettext, message, enable_cache=False, **values))


def teach(environment: Environment) -> None:
    """Let templates say ``_("…")`` and ``{% trans %}``."""
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it
    # The extension's own functions do the same in three calls each, and keep nothing.
    environment.globals |= {"_": _shown, "gettext": _shown, "ngettext": _counted}
    environment.policies["ext.i18n.trimmed"] = True


@pass_eval_context
def _shown(context: EvalContext, message: str, /, **values: object) -> str:
    """Return a message for a template, as safe as the template is; its values are escaped."""
    if not context.autoescape:
        return gettext(message) % values
    return _markup(language(), message) % values if values else _plain(language(), message)


@pass_eval_context
def _counted(context: EvalContext, one: str, many: str, count: int, /, **values: object) -> str:
    """Return the message for a count, as above."""
    text = translations(language()).ngettext(one, many, count)
    safe = Markup(text) if context.autoescape else text  # noqa: S704 (as below)
    return safe % {"num": count, **values}


@lru_cache(maxsize=8192)
def _markup(code: str, message: str) -> Markup:
    return Markup(translations(code).gettext(message))  # noqa: S704 (no visitor's words)


@lru_cache(maxsize=8192)
def _plain(code: str, message: str) -> Markup:
    """Return a message without values; a percent sign stands in it twice, as in all."""
    return _markup(code, message) % {}


def init_app(app: Flask) -> None:
    """Let the pages' templates say messages."""
    teach(app.jinja_env)
