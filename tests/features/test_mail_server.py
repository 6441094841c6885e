"""Mails are handed over by one connection; a password is said only where nobody else hears it."""

import ssl
from datetime import timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from models import Job, Mail, now
from storefront.mail import server as mail_servers
from tests.features.postbox import Postbox, free_port, mail_server, postman

NAMES = ("ada", "eve", "joy")
WITH_PASSWORD = "smtp://shop:secret@"
ELSEWHERE = "127.1"  # this machine again, by a name that the shop does not know


@pytest.fixture
def outbox(app):
    """Three mails that wait."""
    with app.extensions["sessions"].write.begin() as session:
        for name in NAMES:
            app.extensions["letters"].confirm_account(
                session, f"{name}@example.org", "http://localhost/x", name
            )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The file of a certificate for 127.0.0.1 with its key, which nobody but us has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "the tests' mail server")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    public = key.public_key()
    signed = (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class Doorkeeper:
    """Lets everybody in, and notes who showed which password."""

    def __init__(self):
        self.seen = []

    def __call__(self, server, session, envelope, mechanism, data):
        self.seen.append((data.login, data.password))
        return AuthResult(success=True)


def errors(session):
    return set(session.scalars(select(Job.error)))


def went(session):
    return [mail.recipient for mail in session.scalars(select(Mail)) if mail.sent_at]


def test_all_mails_that_are_due_go_over_one_connection_which_is_ended(
    app, session, settings, outbox
):
    postbox, port = Postbox(), free_port()
    with mail_server(postbox, port):
        assert postman(app, settings, port).work_off() == 3

    assert list(postbox.said.values()) == [["EHLO", "DATA", "RSET", "DATA", "RSET", "DATA", "QUIT"]]
    assert went(session) == [f"{name}@example.org" for name in NAMES]


@pytest.mark.parametrize("refused", NAMES)
def test_a_refused_address_ends_no_connection(app, session, settings, outbox, refused):
    address = f"{refused}@example.org"
    postbox, port = Postbox({address: "550 5.1.1 unknown"}), free_port()
    with mail_server(postbox, port):
        assert postman(app, settings, port).work_off() == 3

    assert len(postbox.said) == 1
    assert sorted(went(session)) == [f"{it}@example.org" for it in NAMES if it != refused]


def test_a_server_that_takes_no_more_over_a_connection_is_asked_anew(
    app, session, settings, outbox
):
    postbox, port = Postbox(at_rset="421 4.7.0 too many over one connection"), free_port()
    with mail_server(postbox, port):
        assert postman(app, settings, port).work_off() == 3

    assert [words.count("DATA") for words in postbox.said.values()] == [1, 1, 1]
    assert errors(session) == {""}


def test_a_connection_takes_so_many_mails_and_no_more(app, session, settings, outbox, monkeypatch):
    monkeypatch.setattr(mail_servers, "MOST_MAILS", 2)
    postbox, port = Postbox(), free_port()
    with mail_server(postbox, port):
        assert postman(app, settings, port).work_off() == 3

    assert [words.count("DATA") for words in postbox.said.values()] == [2, 1]
    assert [words[-1] for words in postbox.said.values()] == ["QUIT", "QUIT"]


def test_a_server_that_went_away_between_two_mails_gets_the_second_over_a_new_connection(
    app, session, settings, outbox
):
    postbox, port = Postbox(), free_port()
    worker = postman(app, settings, port)
    for _ in NAMES:
        with mail_server(postbox, port):
            assert worker._do_next()

    assert [words.count("DATA") for words in postbox.said.values()] == [1, 1, 1]
    assert went(session) == [f"{name}@example.org" for name in NAMES]


def test_a_password_is_said_to_a_server_that_proves_its_name(
    app, session, settings, outbox, certificate, tls, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    postbox, port, doorkeeper = Postbox(), free_port(), Doorkeeper()
    options = {"tls_context": tls, "authenticator": doorkeeper, "auth_required": True}
    with mail_server(postbox, port, **options):
        postman(app, settings, port, by=f"{WITH_PASSWORD}127.0.0.1").work_off()

    assert doorkeeper.seen == [(b"shop", b"secret")]
    assert len(postbox.letters) == 3
    assert errors(session) == {""}


def test_a_password_is_not_said_to_a_server_that_may_be_another(
    app, session, settings, outbox, tls
):
    postbox, port, doorkeeper = Postbox(), free_port(), Doorkeeper()
    with mail_server(postbox, port, tls_context=tls, authenticator=doorkeeper):
        postman(app, settings, port, by=f"{WITH_PASSWORD}127.0.0.1").work_off()

    assert (doorkeeper.seen, postbox.letters, went(session)) == ([], [], [])
    assert all(error.startswith("SSLCertVerificationError") for error in errors(session))


def test_a_password_is_not_said_in_the_clear_beyond_this_machine(app, session, settings, outbox):
    postbox, port, doorkeeper = Postbox(), free_port(), Doorkeeper()
    options = {"authenticator": doorkeeper, "auth_require_tls": False}
    with mail_server(postbox, port, **options):
        postman(app, settings, port, by=WITH_PASSWORD + ELSEWHERE).work_off()

    assert (doorkeeper.seen, postbox.letters, went(session)) == ([], [], [])
    assert errors(session) == {
        "MailRefusedError: the server offers no TLS, so it was not told the password"
    }


def test_a_server_on_this_machine_is_told_the_password_as_it_is(app, session, settings, outbox):
    postbox, port, doorkeeper = Postbox(), free_port(), Doorkeeper()
    options = {"authenticator": doorkeeper, "auth_require_tls": False}
    with mail_server(postbox, port, **options):
        postman(app, settings, port, by=f"{WITH_PASSWORD}127.0.0.1").work_off()

    assert doorkeeper.seen == [(b"shop", b"secret")]
    assert len(postbox.letters) == 3


def test_without_a_password_tls_hides_the_mails_whoever_takes_them(
    app, session, settings, outbox, tls
):
    postbox, port = Postbox(), free_port()
    with mail_server(postbox, port, tls_context=tls, require_starttls=True):
        postman(app, settings, port).work_off()

    assert len(postbox.letters) == 3


def test_a_server_that_speaks_nothing_but_tls_proves_its_name(
    app, session, settings, outbox, certificate, tls, monkeypatch
):
    postbox, port = Postbox(), free_port()
    with mail_server(postbox, port, ssl_context=tls):
        postman(app, settings, port, by="smtps://127.0.0.1").work_off()
        assert postbox.letters == []
        assert all(error.startswith("SSLCertVerificationError") for error in errors(session))

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        for job in session.scalars(select(Job)):
            job.run_at = now()
        session.flush()
        postman(app, settings, port, by="smtps://127.0.0.1").work_off()

    assert len(postbox.letters) == 3
