"""A mail server of the tests' own, which keeps what it takes as it came over the wire."""

import socket
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from storefront.jobs.hands import MAILS
from storefront.jobs.worker import Worker
from storefront.mail.mailer import Mailer


def free_port():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


class Postbox:
    """A mail server's letters; answers with ``replies`` to the addresses named there.

    said: by each client, in its order, what it said of EHLO, RSET, DATA and QUIT.
    """

    def __init__(self, replies=None, at_rset="250 OK"):
        self.letters, self.raw, self.replies = [], [], replies or {}
        self.said, self.at_rset = {}, at_rset

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        session.host_name = hostname
        self._note(session, "EHLO")
        return responses

    async def handle_RSET(self, server, session, envelope):  # noqa: N802
        self._note(session, "RSET")
        return self.at_rset

    async def handle_QUIT(self, server, session, envelope):  # noqa: N802
        self._note(session, "QUIT")
        return "221 Bye"

    def _note(self, session, word):
        self.said.setdefault(session.peer, []).append(word)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, message))
        self._note(session, "DATA")
        self.raw.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server(postbox, port, **options):
    server = Controller(postbox, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield
    finally:
        server.stop()


def postman(app, settings, port, by="smtp://127.0.0.1"):
    """A worker that sends by the server at this port, and does every other job too."""
    mailer = Mailer(replace(settings, mail_url=f"{by}:{port}"))
    handlers = app.extensions["handlers"] | dict.fromkeys(MAILS, mailer.send)
    return Worker(app.extensions["sessions"], handlers)


def send_all(app, settings, postbox, **options):
    """Send what lies in the outbox to a mail server."""
    port = free_port()
    with mail_server(postbox, port, **options):
        return postman(app, settings, port).work_off()
