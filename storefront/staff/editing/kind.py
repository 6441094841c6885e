"""What a kind of text must say of itself, so that one editor serves them all."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict

from models import Revision
from storefront.forms import Form
from storefront.staff.editing.forms import LONGEST_HANDLE, Edit, NewForm
from storefront.staff.editing.service import HandleTakenError, Saving, Text

MOST_COPIES = 20


def _copied(handle: str, number: int) -> str:
    end = f"-copy-{number}"
    return f"{handle[: LONGEST_HANDLE - len(end)]}{end}"


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

    @abstractmethod
    def copy(self, text: Any, title: str, handle: str) -> Text:
        """Return a new draft beside a text, empty yet; raises HandleTakenError."""

    def beside(self, text: Any, title: str) -> str:
        """Write an empty draft beside a text; return its handle, the first that is free.

        Raises HandleTakenError where there are very many copies.
        """
        old = text.handle
        for number in range(1, MOST_COPIES):
            try:
                return self.copy(text, title, _copied(old, number)).handle
            except HandleTakenError:
                continue
        return self.copy(text, title, _copied(old, MOST_COPIES)).handle

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
