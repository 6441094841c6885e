"""Six-digit codes of an app (RFC 6238): each is taken once, within a step of the present one."""

import hmac
import unicodedata

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import now
from models.factor import Totp
from models.once import upsert
from storefront.sealing import Vault

STEP_S = 30
WINDOW = (0, -1, 1)  # steps beside the present one: clocks differ


def begin(session: Session, staff_id: int, secret_key: str) -> bool:
    """Make a secret that awaits its first code; False where the person has an app already."""
    import pyotp

    secret = _vault(secret_key).seal(pyotp.random_base32())
    made = (
        upsert(session, Totp)
        .values(staff_id=staff_id, secret=secret, last_step=0, created_at=now())
        .on_conflict_do_update(
            index_elements=["staff_id"],
            set_={"secret": secret, "last_step": 0},
            where=Totp.confirmed_at.is_(None),
        )
        .returning(Totp.staff_id)
    )
    return session.scalar(made) is not None


def awaiting(session: Session, staff_id: int, secret_key: str) -> str | None:
    """Return the secret, in base 32, that awaits its first code."""
    found = select(Totp.secret).where(Totp.staff_id == staff_id, Totp.confirmed_at.is_(None))
    sealed = session.scalar(found)
    return _vault(secret_key).unseal(sealed) if sealed else None


def address(secret: str, email: str, shop: str) -> str:
    """Return the otpauth address that a QR code holds."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=shop)


def take(
    session: Session, staff_id: int, typed: str, secret_key: str, *, is_first: bool = False
) -> bool:
    """Take a code that was never taken before, nor any after it; is_first: it confirms the app."""
    import pyotp

    wanted = select(Totp.secret).where(
        Totp.staff_id == staff_id,
        Totp.confirmed_at.is_(None) if is_first else Totp.confirmed_at.is_not(None),
    )
    sealed = session.scalar(wanted)
    if sealed is None:
        return False
    app = pyotp.TOTP(_vault(secret_key).unseal(sealed))
    present = int(now().timestamp()) // STEP_S
    code = digits(typed)
    step = next(
        (it + present for it in WINDOW if hmac.compare_digest(app.at((it + present) * 30), code)),
        None,
    )
    if step is None:
        return False
    taken = (
        update(Totp)
        .where(Totp.staff_id == staff_id, Totp.secret == sealed, Totp.last_step < step)
        .values(last_step=step, confirmed_at=func.coalesce(Totp.confirmed_at, now()))
        .returning(Totp.staff_id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(taken) is not None


def remove(session: Session, staff_id: int) -> bool:
    """Forget the app; False where there is none."""
    gone = delete(Totp).where(Totp.staff_id == staff_id).returning(Totp.confirmed_at)
    return session.scalar(gone) is not None


def digits(typed: str) -> str:
    """Return what was typed without spaces, other scripts' digits as our own; else empty."""
    found = [sign for sign in typed[:40] if not sign.isspace()]
    if len(found) != 6 or not all(sign.isdecimal() for sign in found):  # noqa: PLR2004
        return ""
    return "".join(str(unicodedata.decimal(sign)) for sign in found)


def _vault(secret_key: str) -> Vault:
    return Vault(secret_key, "secrets of apps that make codes")
