"""The outbox: a mail is a row and a job, written in the transaction of its cause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import Job, Mail, MailTemplate
from models.language import language
from models.once import claim
from models.writing import write_first
from storefront.config import ROOT
from storefront.formatting import address_lines, day, minute, money
from storefront.jobs import queue
from storefront.jobs.hands import MAIL, MAIL_TO_MANY
from storefront.languages.catalog import teach
from storefront.languages.sums import said_sums
from storefront.logs import log
from storefront.mail.bodies import plain_text, wrapped
from storefront.mail.wording import Wording, body_of, hello, subject_of, wording

AGAIN = "#again-"  # in the key of a copy, before its number
CODE_MARK = "####-####-####-####"  # in the stored mail of a gift card, in place of its code
MOST_AGAIN = 5  # copies of one mail


class SentOftenError(Exception):
    """A mail may not go once more (now); the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to write.

    key: what it is about; the same key is mailed once. template: the name below templates/mail/,
    of which there is a .txt (its first line is the subject) and an .html. headers: what it has
    beside the usual ones; the mailer knows which may be.
    """

    key: str
    recipient: str
    template: str
    context: Mapping[str, object]
    order_id: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    subscriber_id: int | None = None
    sequence_mail_id: int | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail as it is sent."""

    subject: str
    text: str
    html: str


def compose(letter: Letter) -> Composed:
    """Return what a letter says, as text and as HTML with its rules of style inline."""
    subject, _, text = _render(f"{letter.template}.txt", letter.context).partition("\n")
    html = _inliner().inline(_render(f"{letter.template}.html", letter.context))
    return Composed(subject.strip(), wrapped(text.lstrip("\n")), html)


def compose_worded(letter: Letter, words: Wording) -> Composed:
    """Return what a letter says as staff word it; KeyError where they name what it has not."""
    blocks = _blocks(letter)
    body = body_of(words, letter.context, blocks)
    more = {
        "subject": subject_of(words, letter.context),
        "body": Markup(body),  # noqa: S704 (rendered, and our own blocks)
        "text": plain_text(body),
        "reason": Markup(blocks["why"]),  # noqa: S704 (our own)
    }
    context = {**letter.context, **more}
    html = _inliner().inline(_render("edited.html", context))
    return Composed(str(more["subject"]), _render("edited.txt", context), html)


def _composed(session: Session, letter: Letter) -> Composed:
    """Return a letter as staff word it; as ours where they do not, or theirs cannot be written."""
    saved = session.get(MailTemplate, (letter.template, language()))
    if saved is not None:
        try:
            return compose_worded(letter, wording(saved))
        except Exception:  # noqa: BLE001 (whatever is wrong with it, the mail must not be lost)
            log.exception("mail template failed", extra={"event": letter.template})
    return compose(letter)


def post(session: Session, letter: Letter) -> bool:
    """Write a mail into the outbox; return False where its key has been mailed already."""
    return post_composed(session, letter, _composed(session, letter))


def post_composed(session: Session, letter: Letter, composed: Composed) -> bool:
    """Write a mail as it is composed into the outbox; False where its key has been mailed."""
    mail = Mail(
        key=letter.key,
        template=letter.template,
        recipient=letter.recipient,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        order_id=letter.order_id,
        headers=dict(letter.headers),
        subscriber_id=letter.subscriber_id,
        sequence_mail_id=letter.sequence_mail_id,
    )
    if not write_first(session, mail):
        return False
    _enqueue(session, mail)
    return True


def post_again(session: Session, mail: Mail, recipient: str) -> None:
    """Write a mail once more, word for word; each copy has a key of its own.

    Raises SentOftenError, and changes nothing, where there are MOST_AGAIN copies, where one is
    being written just now, or where the newest still waits to be sent.
    """
    if mail.template == "gift_card":
        message = "Its code is kept no longer. Send the gift card again from its own page."
        raise SentOftenError(message)
    root = mail.key.partition(AGAIN)[0]
    same = or_(Mail.key == root, Mail.key.startswith(root + AGAIN, autoescape=True))
    copies = session.scalars(select(Mail).where(same).order_by(Mail.id)).all()
    if len(copies) > MOST_AGAIN:
        message = f"This mail went {len(copies)} times already, which is enough. Write one by hand."
        raise SentOftenError(message)
    newest = copies[-1]
    job = session.scalars(select(Job).where(Job.key == f"send-mail:{newest.id}")).one_or_none()
    if newest.sent_at is None and job is not None and not job.is_dead:
        message = "This mail still waits to be sent: it goes by itself. Nothing was changed."
        raise SentOftenError(message)
    copy = Mail(
        key=f"{root}{AGAIN}{len(copies)}",
        template=mail.template,
        recipient=recipient,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        order_id=mail.order_id,
        headers=dict(mail.headers),
        subscriber_id=mail.subscriber_id,
    )
    if not claim(session, copy):
        message = "Somebody else sends this mail again just now. Nothing was changed."
        raise SentOftenError(message)
    _enqueue(session, copy)


def kind_of_job(mail: Mail) -> str:
    """Return who sends it: one that can be stopped goes beside those that somebody waits for."""
    return MAIL_TO_MANY if mail.headers else MAIL


def _enqueue(session: Session, mail: Mail) -> None:
    queue.enqueue(session, kind_of_job(mail), f"send-mail:{mail.id}", {"mail_id": mail.id})


def withhold(session: Session, key: str) -> None:
    """Let mails whose keys begin so, and that have not gone yet, never go."""
    waiting = update(Mail).where(Mail.key.startswith(key, autoescape=True), Mail.sent_at.is_(None))
    emptied = {"recipient": "", "text": "", "html": "", "headers": {}}
    session.execute(waiting.values(emptied).execution_options(synchronize_session=False))


def _blocks(letter: Letter) -> dict[str, str]:
    """Return each block of our own file as HTML; ``ours`` is all that we would say."""
    template = _environment().get_template(f"mail/{letter.template}.html")
    context = template.new_context(dict(letter.context))
    "".join(template.root_render_func(context))  # gathers the blocks, also those it extends
    found = {name: "".join(made[0](context)) for name, made in context.blocks.items()}
    return found | {"ours": found["content"]}


def _render(name: str, context: Mapping[str, object]) -> str:
    return _environment().get_template(f"mail/{name}").render(context)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(environment)
    environment.filters |= {"money": money, "day": day, "minute": minute}
    environment.filters |= {"address_lines": address_lines, "said_sums": said_sums}
    environment.globals |= {"hello": hello, "language": language}
    environment.globals["styles"] = Markup(  # noqa: S704 (our own file)
        (ROOT / "templates" / "mail" / "mail.css").read_text(encoding="utf-8")
    )
    return environment


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
