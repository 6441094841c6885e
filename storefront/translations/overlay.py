"""Lets rows that are loaded speak the language of the moment.

A row that is loaded while another language than the shop's own is spoken holds, in the columns
named here, what its texts say in that language. Nothing counts as changed by it, so nothing of it
is written back; who writes (staff) always speaks the shop's own language.
"""

from collections.abc import Mapping

from sqlalchemy import event
from sqlalchemy.orm import QueryContext

from models import (
    Article,
    Author,
    Base,
    Blog,
    Claim,
    Collection,
    Discount,
    GlossaryTerm,
    Muscle,
    Page,
    Product,
    ProductImage,
    Region,
    RegionMuscle,
    Routine,
    SequenceMail,
    ShippingRate,
    ShippingZone,
    TaxRate,
    Tutorial,
    TutorialStep,
    Variant,
    Video,
)
from models.language import OWN, language
from storefront.translations.memory import Memory

_PAGE = ("title", "summary", "seo_title", "seo_description")
# Columns of words. A list is one text, a line for each item: one item that is edited must not stand
# in another language among the rest. But options are words that many variants have.
ONE_BY_ONE = frozenset({"option_names", "options"})
WORDS: Mapping[type[Base], tuple[str, ...]] = {
    Product: (*_PAGE, "option_names"),
    Variant: ("options", "promise"),
    ProductImage: ("alt",),
    Collection: ("title", "description", "seo_title", "seo_description"),
    Blog: ("title",),
    Article: (*_PAGE, "figure_alt", "figure_caption"),
    Author: ("name", "credentials"),
    Page: _PAGE,
    Tutorial: (
        *(*_PAGE, "which_end", "frequency", "released"),
        *("needs", "cautions", "stop_signs", "symptoms"),
    ),
    TutorialStep: ("title", "figure_alt", "cue"),
    Video: ("title", "captions_vtt", "chapters_vtt"),
    Muscle: ("name", "location", "action", "referred_pain", "figure_alt", "pain_figure_alt"),
    Region: ("name", "summary"),
    RegionMuscle: ("note",),
    GlossaryTerm: ("term", "also"),
    Claim: ("text",),
    Routine: ("title", "summary"),
    TaxRate: ("title",),
    ShippingZone: ("title",),
    ShippingRate: ("title", "delivery"),
    SequenceMail: ("subject",),
    Discount: ("title",),
}
# Texts in Markdown: the name of ``<name>_markdown`` and ``<name>_html``, and what their notes' ids
# begin with, where several stand on one page; ``{position}`` is the row's.
TEXTS: Mapping[type[Base], Mapping[str, str]] = {
    Product: {"description": "", "serves": "serves", "not_for": "not_for", "fit": "fit"},
    Article: {"body": ""},
    Author: {"about": ""},
    Page: {"body": ""},
    Tutorial: {"body": ""},
    TutorialStep: {"text": "step-{position}"},
    Video: {"transcript": ""},
    Region: {"body": ""},
    GlossaryTerm: {"definition": ""},
    Routine: {"body": ""},
    SequenceMail: {"body": ""},
}


def said_of(row: Base) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the columns of words, and the texts in Markdown, that a row of this class has."""
    kinds = [kind for kind in type(row).__mro__ if kind in WORDS]
    return (WORDS[kinds[0]], TEXTS.get(kinds[0], {})) if kinds else ((), {})


def put(row: Base, memory: Memory) -> None:
    """Put into a row, as though it had been loaded so, what it says in the language of now.

    A text that nobody has said in it stays as it is.
    """
    words, texts = said_of(row)
    state = row.__dict__
    for name in words:
        if value := state.get(name):
            state[name] = _said(name, value, memory)
    for name, notes in texts.items():
        markdown = state.get(f"{name}_markdown")
        if not markdown or f"{name}_html" not in state:
            continue
        html = memory.html(markdown, notes.format_map(state))
        if html is not None:
            state[f"{name}_html"], state[f"{name}_markdown"] = html, memory.said(markdown)


def _said(name: str, value: str | list[str], memory: Memory) -> str | list[str]:
    if isinstance(value, str):
        return memory.said(value)
    if name in ONE_BY_ONE:
        return [memory.said(item) for item in value]
    return memory.said("\n".join(value)).split("\n")


def _on_load(row: Base, context: QueryContext) -> None:
    if language() != OWN and (memory := context.session.info.get("memory")):
        put(row, memory)


def _on_refresh(row: Base, context: QueryContext, attributes: object) -> None:
    del attributes
    _on_load(row, context)


def listen() -> None:
    """Bind this to every class that has words, and to those made of it; once in a process."""
    for kind in WORDS:
        if not issubclass(kind, Tutorial) and not event.contains(kind, "load", _on_load):
            event.listen(kind, "load", _on_load, propagate=True)
            event.listen(kind, "refresh", _on_refresh, propagate=True)
