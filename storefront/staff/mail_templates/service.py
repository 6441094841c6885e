"""Keeping the letters that staff word themselves."""

import secrets
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import MailTemplate
from models.language import LANGUAGES, OWN, speaking
from models.once import claim
from storefront.mail.kinds import Kind
from storefront.mail.outbox import Composed, Letter, compose, compose_worded, post_composed
from storefront.mail.wording import Wording, wording
from storefront.staff.seen import ChangedMeanwhileError, seen_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """A letter in one of its languages."""

    kind: Kind
    code: str

    @property
    def title(self) -> str:
        """What staff call it."""
        return self.kind.title + ("" if self.code == OWN else f" ({LANGUAGES[self.code]})")


def saved(session: Session) -> set[tuple[str, str]]:
    """Return the names and languages of the letters that staff word."""
    rows = session.execute(select(MailTemplate.name, MailTemplate.language))
    return {(name, code) for name, code in rows}


def found(session: Session, chosen: Chosen, *, to_change: bool = False) -> MailTemplate | None:
    """Return a letter as staff word it now, or None; locked where it is about to change."""
    wanted = select(MailTemplate).filter_by(name=chosen.kind.name, language=chosen.code)
    wanted = wanted.with_for_update() if to_change else wanted
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def shown(chosen: Chosen, template: MailTemplate | None) -> Wording:
    """Return what the form shows: what is saved, or what one begins with."""
    if template:
        return wording(template)
    with speaking(chosen.code):
        return Wording(chosen.kind.subject, chosen.kind.body)


def words_of(words: Wording) -> dict[str, str]:
    """Return a wording by the names of its fields."""
    return {"Subject": words.subject, "Text": words.body}


def state_of(chosen: Chosen, template: MailTemplate | None) -> str:
    """Return by what another state of a letter is known."""
    return seen_of(words_of(shown(chosen, template)))


def save(session: Session, chosen: Chosen, words: Wording, seen: str, *, actor: str) -> None:
    """Keep a wording; ChangedMeanwhileError where it is not as it was seen."""
    template = found(session, chosen, to_change=True)
    if state_of(chosen, template) != seen:
        raise ChangedMeanwhileError
    values = {"subject": words.subject, "body_markdown": words.body, "actor": actor}
    if template is None:
        if not claim(session, MailTemplate(name=chosen.kind.name, language=chosen.code, **values)):
            raise ChangedMeanwhileError
        return
    for name, value in values.items():
        setattr(template, name, value)
    session.flush()


def give_back(session: Session, chosen: Chosen) -> bool:
    """Let a letter be ours again; False where it was."""
    template = found(session, chosen, to_change=True)
    if template is not None:
        session.delete(template)
    return template is not None


def composed(letter: Letter, words: Wording | None, code: str) -> Composed:
    """Return a letter as it would be sent in a language; words: None for ours."""
    with speaking(code):
        return compose_worded(letter, words) if words else compose(letter)


def send_test(
    session: Session, letter: Letter, words: Wording | None, code: str, recipient: str
) -> None:
    """Mail a letter to who words it; it is no mail of an order's."""
    key = f"template-test:{secrets.token_hex(8)}"
    test = replace(letter, key=key, recipient=recipient, order_id=None)
    post_composed(session, test, composed(letter, words, code))
