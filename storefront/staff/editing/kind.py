"""What a kind of text must say of itself, so that one editor serves them all."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict

from models import Revision
from storefront.forms import Form
from storefront.staff.editing.forms import Edit, NewForm
from storefront.staff.editing.service import Saving, Text


class Kind(ABC):
    """A kind of text. name: of one of them; title: of the list of them; endpoint: its blueprint."""

    name: ClassVar[str]
    title: ClassVar[str]
    endpoint: ClassVar[str]

    @property
    def template(self) -> str:
        """The template of its form."""
        return f"{self.endpoint.replace('.', '/')}/show.html"

    @abstractmethod
    def find(self, handle: str, *, to_change: bool = False) -> Any:
        """Return a text with all that is edited, or None; locked where it is to change."""

    @abstractmethod
    def edit(self, text: Any, sent: MultiDict[str, str] | None = None) -> Edit:
        """Return the form with what was sent, else filled with a text as it is."""

    @abstractmethod
    def labelled(self, draft: Any) -> dict[str, str]:
        """Return what a draft says by the labels of its fields."""

    @abstractmethod
    def draft_of(self, text: Any) -> Any:
        """Return what a text says now."""

    @abstractmethod
    def revised(self, revision: Revision) -> Any:
        """Return what a text said when a revision was kept."""

    @abstractmethod
    def save(self, text: Any, draft: Any, saving: Saving) -> None:
        """Make a locked text what the draft says, and keep a revision of it."""

    @abstractmethod
    def shown(self, text: Any) -> Mapping[str, Any]:
        """Return what else its form shows."""

    @abstractmethod
    def new_form(self, sent: MultiDict[str, str] | None = None) -> NewForm:
        """Return the form of a text that does not exist yet."""

    @abstractmethod
    def create(self, form: Any) -> Text:
        """Return a new draft, written; raises HandleTakenError."""

    def differences(self, text: Any, draft: Any) -> dict[str, str]:
        """Return what a text says otherwise than a draft: the saved words by their label."""
        saved, typed = self.labelled(self.draft_of(text)), self.labelled(draft)
        names = dict.fromkeys([*saved, *typed])
        return {
            name: saved.get(name, "")
            for name in names
            if saved.get(name, "").strip() != typed.get(name, "").strip()
        }

    def words(self, form: Form, words: Mapping[str, str]) -> dict[str, str]:
        """Return words by the labels of the fields that have their names."""
        return {str(form[name].label.text): text for name, text in words.items()}
