"""Passkeys (WebAuthn): made for this shop's host, used with PIN, finger or face, never copied.

A challenge is signed and five minutes valid, so nothing is kept when a page is shown; it is claimed
when it is answered, so that it is answered once.
"""

import ipaddress
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import AttemptCount, Customer, Staff, now
from models.factor import Passkey
from models.once import claim
from storefront.limits import digest

ANSWER_WITHIN_S = 300
LONGEST_ANSWER = 20_000
MOST = 20  # passkeys of one person
Person = Customer | Staff


class BadPasskeyError(Exception):
    """An answer that proves nothing: forged, too late, repeated, or of a key that is not here."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser is asked. options: WebAuthn's own JSON; token: names the challenge."""

    options: str
    token: str


class Passkeys:
    """Asks for passkeys of one shop, and checks the answers."""

    def __init__(self, site_url: str, shop_name: str, secret_key: str) -> None:
        """Bind to the shop's own address; an IP address has no passkeys, so localhost has them."""
        found = urlsplit(site_url)
        self.host = found.hostname or "localhost"
        self.origin = f"{found.scheme}://{found.netloc}"
        if _is_ip(self.host):
            self.origin = self.origin.replace(
                found.netloc.rpartition(":")[0] or self.host, "localhost"
            )
            self.host = "localhost"
        self._shop_name, self._secret_key = shop_name, secret_key
        self._signer = URLSafeTimedSerializer(secret_key, salt="passkey-challenge")

    def to_make(self, person: Person, known: Iterable[Passkey]) -> Question:
        """Ask for a new passkey of this person, on a device that has none of hers."""
        import webauthn
        from webauthn.helpers import structs

        challenge = secrets.token_bytes(32)
        options = webauthn.generate_registration_options(
            rp_id=self.host,
            rp_name=self._shop_name,
            user_name=person.email,
            user_display_name=person.name or person.email,
            user_id=f"{_kind(type(person))}-{person.id}".encode(),
            challenge=challenge,
            timeout=ANSWER_WITHIN_S * 1000,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(
                    id=webauthn.base64url_to_bytes(it.credential_id)
                )
                for it in known
            ],
        )
        return Question(webauthn.options_to_json(options), self._token(challenge))

    def to_prove(self, known: Iterable[Passkey] = ()) -> Question:
        """Ask for one of these passkeys; of none given, for any that the browser has.

        Each page to sign in asks, so this is said without the library, which takes 12 MB of the
        process. Source: W3C, Web Authentication 3, PublicKeyCredentialRequestOptionsJSON.
        """
        challenge = secrets.token_bytes(32)
        options = {
            "challenge": _b64(challenge),
            "timeout": ANSWER_WITHIN_S * 1000,
            "rpId": self.host,
            "allowCredentials": [{"id": it.credential_id, "type": "public-key"} for it in known],
            "userVerification": "required",
        }
        return Question(json.dumps(options), self._token(challenge))

    def add(self, session: Session, person: Person, name: str, answer: str, token: str) -> Passkey:
        """Keep a new passkey; raise BadPasskeyError, and keep none, where the answer is wrong."""
        import webauthn
        from webauthn.helpers.exceptions import WebAuthnException

        challenge = self._challenge(session, answer, token)
        try:
            found = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as why:
            raise BadPasskeyError from why
        passkey = Passkey(
            credential_id=_b64(found.credential_id),
            public_key=_b64(found.credential_public_key),
            sign_count=found.sign_count,
            name=name,
            **{f"{_kind(type(person))}_id": person.id},
        )
        if not claim(session, passkey):
            raise BadPasskeyError
        return passkey

    def prove(self, session: Session, answer: str, token: str, of: type[Person]) -> Passkey:
        """Return the passkey, of staff or of a customer, that gave this answer.

        Raises BadPasskeyError where there is none, or the answer is wrong.
        A counter that does not grow where the device counts says that the key was copied.
        """
        import webauthn
        from webauthn.helpers import parse_authentication_credential_json
        from webauthn.helpers.exceptions import WebAuthnException

        challenge = self._challenge(session, answer, token)
        owner = Passkey.staff_id if of is Staff else Passkey.customer_id
        try:
            credential = parse_authentication_credential_json(answer)
            passkey = session.scalars(
                select(Passkey).where(
                    Passkey.credential_id == _b64(credential.raw_id), owner.is_not(None)
                )
            ).one_or_none()
            if passkey is None:
                raise BadPasskeyError
            found = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                credential_public_key=webauthn.base64url_to_bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as why:
            raise BadPasskeyError from why
        _count(session, passkey, found.new_sign_count)
        return passkey

    def _token(self, challenge: bytes) -> str:
        return str(self._signer.dumps(challenge.hex()))

    def _challenge(self, session: Session, answer: str, token: str) -> bytes:
        """Return the challenge of a token, once; raise BadPasskeyError otherwise."""
        if not answer or len(answer) > LONGEST_ANSWER:
            raise BadPasskeyError
        try:
            text, made_at = self._signer.loads(
                token, max_age=ANSWER_WITHIN_S, return_timestamp=True
            )
        except (BadData, UnicodeError) as why:
            raise BadPasskeyError from why
        asked_at = datetime.fromtimestamp(made_at.timestamp(), UTC)
        row = AttemptCount(
            scope="challenge",
            subject=digest(text, self._secret_key),
            window_start=asked_at,
            count=1,
        )
        if not claim(session, row):
            raise BadPasskeyError
        return bytes.fromhex(text)


def _count(session: Session, passkey: Passkey, sign_count: int) -> None:
    used = (
        update(Passkey)
        .where(
            Passkey.id == passkey.id,
            or_(Passkey.sign_count < sign_count, Passkey.sign_count == 0),
        )
        .values(sign_count=sign_count, used_at=now())
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(used) is None:
        raise BadPasskeyError


def _kind(of: type[Person]) -> str:
    return "staff" if of is Staff else "customer"


def _b64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
