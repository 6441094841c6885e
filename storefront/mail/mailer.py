"""Sends what lies in the outbox: over SMTP, or into the development mailbox."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Mail, now
from storefront.config import Settings
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload

TIMEOUT_S = 15


class MailNotConfiguredError(Exception):
    """Production has no mail server to send by; the mails wait."""


class MailRefusedError(Exception):
    """The mail server did not take a mail; says its codes, not the address that it names."""


class Mailer:
    """Does the job ``send-mail``."""

    def __init__(self, settings: Settings) -> None:
        """Remember where mail goes."""
        self._settings = settings

    def send(self, sessions: Sessions, payload: Payload) -> Effect:
        """Send one mail; the effect marks it as sent.

        A worker killed between the two sends it again after its lease: the Message-ID is made of
        the mail's id, so that a mail server or reader drops the copy.
        """
        with sessions.read() as session:
            mail = session.get_one(Mail, payload["mail_id"])
        if mail.sent_at is None and self._settings.mail_url:
            _send(self._message(mail), self._settings.mail_url)
        elif mail.sent_at is None and self._settings.is_production:
            message = "MAIL_URL is not set"
            raise MailNotConfiguredError(message)

        def mark(session: Session) -> None:
            unsent = update(Mail).where(Mail.id == mail.id, Mail.sent_at.is_(None))
            session.execute(unsent.values(sent_at=now()))

        return mark

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        host = urlsplit(self._settings.site_url).hostname or "localhost"
        message["Message-ID"] = f"<mail-{mail.id}.{int(mail.created_at.timestamp())}@{host}>"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message


def _send(message: EmailMessage, url: str) -> None:
    """Send by ``smtp://user:password@host:port`` (STARTTLS where offered) or ``smtps://``."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
    host = parts.hostname or "localhost"
    with connect(host, parts.port or (465 if secure else 25), timeout=TIMEOUT_S) as server:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        _hand_over(server, message)


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Send; a refusal is told without the server's words, which would end up in log and job."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = sorted({code for code, _ in refused.recipients.values()})
        text = f"the server refused the recipient: {codes}"
        raise MailRefusedError(text) from None
    except smtplib.SMTPResponseException as refused:
        text = f"the server refused the mail: {refused.smtp_code}"
        raise MailRefusedError(text) from None
