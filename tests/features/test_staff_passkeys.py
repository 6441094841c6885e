"""Passkeys of a device made of code: what it answers rightly opens once, anything else nothing."""

import base64
import hashlib
import json
from dataclasses import dataclass, field

import cbor2
import pytest
import webauthn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import func, select
from webauthn.helpers import structs

from models import SignIn, Staff
from models.factor import Passkey
from storefront.passkeys import Passkeys
from tests.browser import visit
from tests.staff import sign_in

PRESENT, VERIFIED, MADE = 1, 4, 64


def b64(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Device:
    """An authenticator with one key. count: how often it was used, as it says."""

    origin: str = "http://localhost"
    host: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = b"a key of a device made of code"

    def _data(self, flags, extra=b""):
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4, "big") + extra

    def _client(self, kind, options):
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, response):
        wrapped = {name: b64(value) for name, value in response.items()}
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": wrapped}
        )

    def make(self, options):
        point = self.key.public_key().public_numbers()
        coordinates = (number.to_bytes(32, "big") for number in (point.x, point.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, **dict(zip((-2, -3), coordinates, strict=True))})
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | MADE, held)}
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options),
                "attestationObject": cbor2.dumps(attested),
            }
        )

    def prove(self, options):
        client, data = self._client("webauthn.get", options), self._data(self.flags)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": client, "authenticatorData": data, "signature": signed}
        )


def asked(page):
    """What the page asks the browser for."""
    return json.loads(page.html.find("passkey-field")["options"])


def add(client, device, **typed):
    page = visit(client, "/staff/me/passkeys")
    name = {"name": "Telephone"} | typed
    return post(client, page, "/staff/me/passkeys", "new", device.make(asked(page)), **name)


def post(client, page, address, prefix, answer, **typed):
    token = page.html.find("input", {"name": f"{prefix}-challenge"})["value"]
    data = {f"{prefix}-passkey": answer, f"{prefix}-challenge": token, **typed}
    return client.post(address, data=data, headers={"Origin": "http://localhost"})


def enter(app, device):
    """Use a passkey in a fresh browser."""
    client = app.test_client()
    page = visit(client, "/staff/login")
    return post(client, page, "/staff/login/passkey", "proof", device.prove(asked(page)))


def keys(session):
    return session.scalars(select(Passkey.name)).all()


def test_a_passkey_signs_in_without_a_password(app, client, session):
    sign_in(client, session)
    device = Device()
    assert "Recovery codes" in add(client, device).text

    entered = enter(app, device)

    assert (entered.status_code, entered.location) == (303, "/staff")
    assert keys(session) == ["Telephone"]
    assert session.scalar(select(func.count(SignIn.id))) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}, {"flags": 0}],
)
def test_what_another_site_or_nobody_answers_makes_no_passkey(client, session, wrong):
    sign_in(client, session)

    assert add(client, Device(**wrong)).status_code == 422

    assert keys(session) == []


@pytest.mark.parametrize(
    "wrong",
    [
        *({"origin": "http://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}),
        *({"key": ec.generate_private_key(ec.SECP256R1())}, {"id": b"another"}, {"count": 3}),
    ],
)
def test_what_is_not_the_key_opens_nothing(app, client, session, wrong):
    sign_in(client, session)
    device = Device(count=3)
    add(client, device)
    for name, value in wrong.items():
        setattr(device, name, value)

    assert enter(app, device).status_code == 422

    assert session.scalar(select(func.count(SignIn.id))) == 1


def test_an_answer_opens_once(app, client, session):
    sign_in(client, session)
    device = Device()
    add(client, device)
    fresh = app.test_client()
    page = visit(fresh, "/staff/login")
    answer = device.prove(asked(page))

    first = post(fresh, page, "/staff/login/passkey", "proof", answer)
    second = post(app.test_client(), page, "/staff/login/passkey", "proof", answer)

    assert (first.status_code, second.status_code) == (303, 422)


def test_a_device_is_added_once_and_needs_a_name(client, session):
    sign_in(client, session)
    device = Device()

    assert add(client, device, name="").status_code == 422
    add(client, device)
    assert add(client, device).status_code == 422

    assert keys(session) == ["Telephone"]


def test_the_question_is_the_one_that_the_library_asks():
    known = [Passkey(credential_id=b64(b"a key")), Passkey(credential_id=b64(b"another"))]

    question = json.loads(
        Passkeys("https://shop.example", "Shop", "secret").to_prove(known).options
    )

    theirs = webauthn.generate_authentication_options(
        rp_id="shop.example",
        challenge=webauthn.base64url_to_bytes(question["challenge"]),
        timeout=300_000,
        allow_credentials=[
            structs.PublicKeyCredentialDescriptor(id=b"a key"),
            structs.PublicKeyCredentialDescriptor(id=b"another"),
        ],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    assert question == json.loads(webauthn.options_to_json(theirs))


def test_the_passkey_of_somebody_switched_off_opens_nothing(app, client, session):
    person = sign_in(client, session)
    device = Device()
    add(client, device)

    session.get(Staff, person.id).is_active = False
    session.commit()

    assert enter(app, device).status_code == 422
