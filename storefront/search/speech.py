"""What a thing says in each language, as far as the search needs it."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Translation
from models.language import OTHERS, OWN
from models.translation import digest_of
from storefront.text import render, said, uncited

Texts = tuple[str, str, str]  # title, summary, body


class Speech:
    """Says what texts say in one language; what nobody has said there, as it is.

    It remembers what it was asked for.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        """Take what is said, by the digests of the texts; None: the shop's own language."""
        self._known = {} if known is None else known
        self.asked: set[str] = set()

    def found(self, text: str) -> str | None:
        """Return what a text says, None where nobody has said it."""
        digest = digest_of(text)
        self.asked.add(digest)
        return self._known.get(digest)

    def words(self, text: str) -> str:
        """Return what a text says."""
        found = self.found(text) if text else None
        return text if found is None else found

    def items(self, items: Iterable[str]) -> list[str]:
        """Return what a list says, which is one text."""
        return self.words("\n".join(items)).split("\n")

    def note(self, text: str) -> str:
        """Return what a text of one paragraph says, without the keys that it cites."""
        return uncited(self.words(text))

    def text(self, row: object, name: str) -> str:
        """Return the words of a row's ``<name>_markdown``, without its notes."""
        found = self.found(getattr(row, f"{name}_markdown"))
        return said(getattr(row, f"{name}_html") if found is None else render(found, {}))


def in_each_language(
    session: Session, main: str, say: Callable[[Speech], Texts]
) -> dict[str, Texts]:
    """Return what a thing says by languages: in the shop's own, and where its main text is said.

    One query for all other languages.
    """
    own = Speech()
    own.found(main)
    texts = {OWN: say(own)}
    for code, known in _known(session, own.asked).items():
        speech = Speech(known)
        if main and speech.found(main) is not None:
            texts[code] = say(speech)
    return texts


def _known(session: Session, digests: set[str]) -> dict[str, dict[str, str]]:
    """Return what is said, by languages and digests. What waits to be written is not looked at."""
    known: dict[str, dict[str, str]] = {code: {} for code in OTHERS}
    wanted = select(Translation.language, Translation.digest, Translation.text)
    with session.no_autoflush:
        for code, digest, text in session.execute(wanted.where(Translation.digest.in_(digests))):
            known.setdefault(code, {})[digest] = text
    return {code: known[code] for code in OTHERS}
