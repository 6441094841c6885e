"""Keeping the letters that staff word themselves."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import MailTemplate
from models.language import OWN
from models.once import claim
from storefront.mail.kinds import Kind
from storefront.mail.outbox import Composed, Letter, compose, compose_worded, post_composed
from storefront.mail.wording import Wording, wording
from storefront.staff.seen import ChangedMeanwhileError, seen_of


def saved(session: Session) -> Mapping[str, MailTemplate]:
    """Return the letters that staff word, by their names."""
    return {it.name: it for it in session.scalars(select(MailTemplate).filter_by(language=OWN))}


def found(session: Session, kind: Kind, *, to_change: bool = False) -> MailTemplate | None:
    """Return a letter as staff word it now, or None; locked where it is about to change."""
    wanted = select(MailTemplate).filter_by(name=kind.name, language=OWN)
    wanted = wanted.with_for_update() if to_change else wanted
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def shown(kind: Kind, template: MailTemplate | None) -> Wording:
    """Return what the form shows: what is saved, or what one begins with."""
    return wording(template) if template else Wording(kind.subject, kind.body)


def words_of(words: Wording) -> dict[str, str]:
    """Return a wording by the names of its fields."""
    return {"Subject": words.subject, "Text": words.body}


def state_of(kind: Kind, template: MailTemplate | None) -> str:
    """Return by what another state of a letter is known."""
    return seen_of(words_of(shown(kind, template)))


def save(session: Session, kind: Kind, words: Wording, seen: str, *, actor: str) -> None:
    """Keep a wording; ChangedMeanwhileError where it is not as it was seen."""
    template = found(session, kind, to_change=True)
    if state_of(kind, template) != seen:
        raise ChangedMeanwhileError
    values = {"subject": words.subject, "body_markdown": words.body, "actor": actor}
    if template is None:
        if not claim(session, MailTemplate(name=kind.name, **values)):
            raise ChangedMeanwhileError
        return
    for name, value in values.items():
        setattr(template, name, value)
    session.flush()


def give_back(session: Session, kind: Kind) -> bool:
    """Let a letter be ours again; False where it was."""
    template = found(session, kind, to_change=True)
    if template is not None:
        session.delete(template)
    return template is not None


def composed(letter: Letter, words: Wording | None) -> Composed:
    """Return a letter as it would be sent; words: None for ours."""
    return compose_worded(letter, words) if words else compose(letter)


def send_test(session: Session, letter: Letter, words: Wording | None, recipient: str) -> None:
    """Mail a letter to who words it; it is no mail of an order's."""
    key = f"template-test:{secrets.token_hex(8)}"
    test = replace(letter, key=key, recipient=recipient, order_id=None)
    post_composed(session, test, composed(letter, words))
