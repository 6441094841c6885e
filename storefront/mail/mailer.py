"""Sends what lies in the outbox: over SMTP, or into the development mailbox."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import CartLine, CartReminder, GiftCard, Mail, Subscriber, SubscriberStatus, now
from storefront.config import Settings
from storefront.database import Sessions
from storefront.jobs import queue
from storefront.jobs.worker import Effect, Payload
from storefront.mail.bounces import Failure, note_failure
from storefront.mail.kinds import NEWSLETTER
from storefront.mail.message_id import message_id
from storefront.mail.outbox import CODE_MARK, kind_of_job
from storefront.mail.server import AddressRefusedError, MailRefusedError, MailServer
from storefront.sealing import gift_card_vault

GIFT_CARD = "gift_card:"  # what the key of a mail that carries a code begins with
HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post")  # what a mail may have beside the usual
# One line each, however long: a link that is broken over lines is encoded, and no link any more.
POLICY = policy.default.clone(max_line_length=998, cte_type="7bit")


class MailNotConfiguredError(Exception):
    """Production has no mail server to send by; the mails wait."""


class Mailer:
    """Does the job ``send-mail``."""

    def __init__(self, settings: Settings) -> None:
        """Remember where mail goes."""
        self._settings = settings
        self._server = MailServer(settings.mail_url) if settings.mail_url else None

    def send(self, sessions: Sessions, payload: Payload) -> Effect:
        """Send one mail; the effect marks it as sent.

        A worker killed between the two sends it again after its lease: the Message-ID is made of
        the mail's id, so that a mail server or reader drops the copy. A mail of the newsletter
        whose address is refused for good has bounced and is not tried again; other mails are, as
        the server may be set up wrongly, and staff see them wait.
        """
        with sessions.read() as session:
            mail = session.get_one(Mail, payload["mail_id"])
            code = self._code_of(session, mail)
            # A card that has another code by now has another mail too.
            lost_code = code is None and _carries_code(mail)
            is_wanted = not lost_code and _is_wanted(session, mail)
            is_last = not queue.is_due(session, kind_of_job(mail))
        try:
            return self._sent(mail, code) if is_wanted else _nothing
        finally:
            if is_last and self._server:
                self._server.hang_up()

    def _sent(self, mail: Mail, code: str | None) -> Effect:
        if mail.sent_at is None and self._server:
            try:
                self._server.send(self._message(mail, code))
            except AddressRefusedError as refused:
                if mail.subscriber_id is None:
                    raise MailRefusedError(str(refused)) from None
                failure = Failure(str(refused), is_permanent=True)
                return partial(_note_failure, mail.id, failure)
        elif mail.sent_at is None and self._settings.is_production:
            message = "MAIL_URL is not set"
            raise MailNotConfiguredError(message)

        def mark(session: Session) -> None:
            unsent = update(Mail).where(Mail.id == mail.id, Mail.sent_at.is_(None))
            session.execute(unsent.values(sent_at=now()))
            if code is not None:
                self._wipe(session, mail, code)

        return mark

    def _code_of(self, session: Session, mail: Mail) -> str | None:
        """Return the code that a gift card's mail carries, which its card alone keeps till now."""
        if not _carries_code(mail):
            return None
        sealed = session.scalar(select(GiftCard.code_sealed).where(GiftCard.mail_key == mail.key))
        if sealed is None:
            return None
        code = gift_card_vault(self._settings.secret_key).unseal(sealed)
        return "-".join(code[start : start + 4] for start in range(0, len(code), 4))

    def _wipe(self, session: Session, mail: Mail, code: str) -> None:
        """Keep the code no longer; in the development mailbox it stands in the mail."""
        session.execute(
            update(GiftCard)
            .where(GiftCard.mail_key == mail.key)
            .values(code_sealed=None, mailed_at=now())
        )
        if not self._settings.mail_url:
            text, html = mail.text.replace(CODE_MARK, code), mail.html.replace(CODE_MARK, code)
            session.execute(update(Mail).where(Mail.id == mail.id).values(text=text, html=html))

    def _message(self, mail: Mail, code: str | None = None) -> EmailMessage:
        message = EmailMessage(POLICY)
        message["From"] = self._settings.mail_from
        message["To"] = _on_the_wire(mail.recipient)
        message["Subject"] = _in_a_line(mail.subject)
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = message_id(mail, self._settings)
        for name in HEADERS:
            if name in mail.headers:
                message[name] = mail.headers[name]
        text, html = mail.text, mail.html
        if code is not None:
            text, html = text.replace(CODE_MARK, code), html.replace(CODE_MARK, code)
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        return message


def _carries_code(mail: Mail) -> bool:
    return mail.key.startswith(GIFT_CARD) and mail.sent_at is None


def _nothing(session: Session) -> None:
    """Leave a mail as it is: its job ends with it."""


def _note_failure(mail_id: int, failure: Failure, session: Session) -> None:
    note_failure(session, mail_id, failure)


def _is_wanted(session: Session, mail: Mail) -> bool:
    """Say whether a mail may still go: she may have left, or bounced, since it was written."""
    subscriber = session.get(Subscriber, mail.subscriber_id or 0)
    status = subscriber.status if subscriber else None
    if mail.template == NEWSLETTER:
        return status is SubscriberStatus.CONFIRMED
    if mail.key.startswith("cart_reminder:") and not _is_left(session, mail):
        return False
    return bool(mail.recipient) and status is not SubscriberStatus.BOUNCED


def _is_left(session: Session, mail: Mail) -> bool:
    """Say whether the cart that a mail reminds of still holds something: not bought, not emptied.

    The mail's key is ``cart_reminder:<key>:<which>``.
    """
    key = mail.key.split(":")[1]
    found = (
        select(CartLine.id)
        .join(CartReminder, CartReminder.cart_id == CartLine.cart_id)
        .where(CartReminder.key == key, CartReminder.stopped_at.is_(None))
    )
    return session.scalar(found.limit(1)) is not None


def _in_a_line(subject: str) -> str:
    """Return a subject that is one line and nothing but words.

    ``=?`` begins an encoded word, which the library would decode, line breaks and all, and write
    out again as lines of the header.
    """
    return " ".join(subject.split()).replace("=?", "= ?")


def _on_the_wire(address: str) -> str:
    """Return an address with its domain in ASCII, as every mail server knows it.

    Raises AddressRefusedError for one with an encoded word, which the library would decode into
    another address.
    """
    from email_validator import EmailNotValidError, validate_email

    if "=?" in address:
        message = "this is no address of a person"
        raise AddressRefusedError(message)
    try:
        return validate_email(address, check_deliverability=False).ascii_email or address
    except EmailNotValidError:
        return address
