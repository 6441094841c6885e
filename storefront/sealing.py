"""Secrets that must be read again: sealed by a key made of SECRET_KEY, and digests keyed by it."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals texts for one purpose; what one purpose sealed another cannot open.

    A new SECRET_KEY opens nothing of before.
    """

    secret_key: str = field(repr=False)
    purpose: str

    def seal(self, text: str) -> str:
        """Return a text as nobody can read it."""
        return str(self._fernet().encrypt(text.encode()).decode())

    def unseal(self, sealed: str) -> str:
        """Return the text that was sealed; raises cryptography's InvalidToken for another key."""
        return str(self._fernet().decrypt(sealed.encode()).decode())

    def digest(self, text: str) -> str:
        """Return a keyed digest, hex: the same for the same text, and of use to nobody else."""
        message = f"{self.purpose}\n{text}".encode()
        return hmac.new(self.secret_key.encode(), message, hashlib.sha256).hexdigest()

    def _fernet(self) -> Any:  # a Fernet, whose module is imported late
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derived = HKDF(SHA256(), length=32, salt=None, info=self.purpose.encode())
        return Fernet(base64.urlsafe_b64encode(derived.derive(self.secret_key.encode())))


def gift_card_vault(secret_key: str) -> Vault:
    """Return what seals the codes of gift cards."""
    return Vault(secret_key, "codes of gift cards")
