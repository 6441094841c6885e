"""The mail server, over SMTP: each thread has one connection, kept while there is more to send."""

import smtplib
import ssl
import threading
from contextlib import ExitStack, closing, suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT_S = 15
MOST_MAILS = 100  # over one connection; some servers take no more
HERE = ("localhost", "127.0.0.1", "::1")


class MailRefusedError(Exception):
    """The mail server did not take a mail; says its codes, not the address that it names."""


class AddressRefusedError(MailRefusedError):
    """The mail server knows, for good, that there is no such address."""


class MailServer:
    """Takes mails by ``smtp://user:password@host:port`` (STARTTLS where offered) or ``smtps://``.

    A password is said only to a server that proves its name, and beyond this machine never in the
    clear. Without one, STARTTLS is better than nothing, whoever is at the other end (RFC 7435).
    """

    def __init__(self, url: str) -> None:
        """Remember where it is; nothing is asked of it yet."""
        self._url = urlsplit(url)
        self._is_secure = self._url.scheme == "smtps"
        self._mine = threading.local()

    def send(self, message: EmailMessage) -> None:
        """Hand a mail over, by the connection of the one before where there is one.

        Raises AddressRefusedError, MailRefusedError, or what smtplib and the network do; the last
        end the connection, so that nothing half said is left on it.
        """
        server = self._connection()
        self._mine.count += 1
        try:
            _hand_over(server, message)
        except MailRefusedError:
            raise
        except Exception:
            self._mine.server = None
            server.close()
            raise

    def hang_up(self) -> None:
        """End this thread's connection, if it has one."""
        server: smtplib.SMTP | None = getattr(self._mine, "server", None)
        self._mine.server = None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connection(self) -> smtplib.SMTP:
        """Return this thread's connection: the one it has, where the server is still there."""
        server: smtplib.SMTP | None = getattr(self._mine, "server", None)
        if server is not None and self._mine.count < MOST_MAILS and _is_there(server):
            return server
        self.hang_up()
        server = self._mine.server = self._connect()
        self._mine.count = 0
        return server

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port
        with ExitStack() as failed:
            server: smtplib.SMTP = (
                smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S, context=_proving())
                if self._is_secure
                else smtplib.SMTP(host, port or 25, timeout=TIMEOUT_S)
            )
            failed.enter_context(closing(server))
            self._introduce(server, host)
            failed.pop_all()
        return server

    def _introduce(self, server: smtplib.SMTP, host: str) -> None:
        user, is_hidden = unquote(self._url.username or ""), self._is_secure
        server.ehlo()
        if not is_hidden and server.has_extn("starttls"):
            server.starttls(context=_proving() if user else _hiding())
            is_hidden = True
        if user and not is_hidden and host not in HERE:
            message = "the server offers no TLS, so it was not told the password"
            raise MailRefusedError(message)
        if user:
            server.login(user, unquote(self._url.password or ""))


def _proving() -> ssl.SSLContext:
    """Return what asks the other side to prove its name."""
    return ssl.create_default_context()


def _hiding() -> ssl.SSLContext:
    """Return what hides from those who listen, whoever the other side is."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _is_there(server: smtplib.SMTP) -> bool:
    try:
        return server.rset()[0] == 250  # noqa: PLR2004 (RFC 5321)
    except (smtplib.SMTPException, OSError):
        return False


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Send; a refusal is told without the server's words, which would end up in log and job."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        replies = refused.recipients.values()
        text = f"the server refused the recipient: {sorted({code for code, _ in replies})}"
        is_unknown = all(_is_of_the_address(code, words) for code, words in replies)
        raise (AddressRefusedError if is_unknown else MailRefusedError)(text) from None
    except smtplib.SMTPNotSupportedError:
        text = "the server takes no addresses with other letters than ASCII's"
        raise AddressRefusedError(text) from None
    except smtplib.SMTPResponseException as refused:
        text = f"the server refused the mail: {refused.smtp_code}"
        raise MailRefusedError(text) from None


def _is_of_the_address(code: int, words: bytes) -> bool:
    """Say whether a refusal is for good and about the address: 5.7.x is about us (RFC 3463)."""
    return 500 <= code < 600 and not words.lstrip().startswith(b"5.7.")  # noqa: PLR2004 (RFC 5321)
