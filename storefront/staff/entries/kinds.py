"""The kinds of entries: what each is called, its form, its words, and who writes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import selectinload

from models import Author, GlossaryTerm, Muscle, Reference, Region, Routine, RoutinePart
from storefront.staff.entries import forms, service
from storefront.staff.entries.forms import EntryForm


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry.

    plural: its blueprint and its address; key and label: the columns that it is known and listed
    by; words: the form's fields by their columns; shop: its address there, ``{}`` is the key.
    """

    name: str
    plural: str
    title: str
    table: Any
    form: type[EntryForm]
    words: dict[str, str]
    write: Callable[..., None]
    key: str = "handle"
    label: str = "name"
    shop: str = ""
    is_fixed: bool = False  # no new ones: the map of the body draws them
    loaded: Sequence[Any] = ()

    def typed(self, row: Any) -> dict[str, str]:
        """Return an entry's words as one types them, by the form's fields."""
        found = {field: getattr(row, column) for field, column in self.words.items()}
        words = {
            field: "\n".join(value) if isinstance(value, list) else value or ""
            for field, value in found.items()
        }
        return words | ({"parts": _parts(row)} if self.table is Routine else {})


def _parts(routine: Routine) -> str:
    return "\n".join(
        " ".join([part.tutorial.handle, *map(str, part.steps)]) for part in routine.parts
    )


KINDS = (
    Kind(
        *("reference", "references", "References", Reference, forms.ReferenceForm),
        {it: it for it in ("citation", "url", "doi", "isbn")},
        service.write_reference,
        key="key",
        label="citation",
        shop="/references",
    ),
    Kind(
        *("author", "authors", "Authors", Author, forms.AuthorForm),
        {"person": "name", "credentials": "credentials", "about": "about_markdown"},
        service.write_author,
        shop="/authors/{}",
    ),
    Kind(
        *("word", "glossary", "Glossary", GlossaryTerm, forms.TermForm),
        {"term": "term", "also": "also", "definition": "definition_markdown", "see": "see"},
        service.write_term,
        label="term",
        shop="/glossary#{}",
    ),
    Kind(
        *("muscle", "muscles", "Muscles", Muscle, forms.MuscleForm),
        {"muscle": "name"} | {it: it for it in ("latin", "location", "action", "referred_pain")},
        service.write_muscle,
        shop="/muscles/{}",
        is_fixed=True,
    ),
    Kind(
        *("region", "regions", "Regions", Region, forms.RegionForm),
        {"region": "name", "summary": "summary", "body": "body_markdown"},
        service.write_region,
        shop="/where-does-it-hurt/{}",
        is_fixed=True,
    ),
    Kind(
        *("routine", "routines", "Routines", Routine, forms.RoutineForm),
        {"title": "title", "summary": "summary", "body": "body_markdown"},
        service.write_routine,
        label="title",
        shop="/routines/{}",
        loaded=(selectinload(Routine.parts).selectinload(RoutinePart.tutorial),),
    ),
)
