"""Settings: read once from the environment, typed, checked; also without Flask.

Every setting is documented in ``docs/settings.md``. ``NAME_FILE`` names a file that holds the
value of ``NAME``, as Docker and systemd hand out secrets.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from storefront import storage

ROOT = Path(__file__).resolve().parent.parent
STRIPE_API = "https://api.stripe.com"
STRIPE_CHECKOUT_ORIGIN = "https://checkout.stripe.com"
# How often in how many seconds, by cart, by address and overall; see storefront/payments/attempts.
CHECKOUT_LIMITS = (
    "cart=30/600,address=120/600,overall=3000/600,"
    "failed-cart=8/3600,failed-address=20/3600,failed-overall=100/600"
)
NOT_AS_AT_STRIPE = frozenset({"ISK", "UGX", "MGA", "MRU", "UYI", "IQD", "LYD"})
DEMONSTRATION_KEY = "sk_test_stand_in"  # what the local stand-in is asked with


class SettingsError(Exception):
    """The shop must not start so; the message says in one line what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment decides.

    stripe_webhook_secret: empty makes the webhook answer 503. mail_url: None sends mail to the
    development mailbox. trusted_hosts: host names without port that the shop answers to.
    """

    is_production: bool
    database_url: str
    secret_key: str
    stripe_secret_key: str
    stripe_webhook_secret: str
    stripe_api_base: str
    stripe_checkout_origin: str
    mail_url: str | None
    mail_from: str
    storage_url: str
    site_url: str
    port: int
    trusted_hosts: tuple[str, ...]
    proxy_count: int
    currencies: tuple[str, ...]
    taxes_by_stripe: bool
    checkout_limits: Mapping[str, tuple[int, int]]
    needs_second_factor: bool
    timezone: str
    shipping_countries: tuple[str, ...]
    review_after_days: int
    keeps_pages: bool
    instance: Path

    @property
    def currency(self) -> str:
        """The main currency: that of the catalogue's own prices."""
        return self.currencies[0]

    @property
    def uses_stand_in(self) -> bool:
        """Whether payments go to the local stand-in rather than to Stripe."""
        return self.stripe_api_base != STRIPE_API

    @property
    def gaps(self) -> tuple[str, ...]:
        """What production starts without, and what does not work then; one line each."""
        missing = {
            "SITE_URL is not https: cookies travel openly, and links lead nowhere": (
                not self.site_url.startswith("https://")
            ),
            "STRIPE_WEBHOOK_SECRET is missing: the webhook answers 503": (
                not self.stripe_webhook_secret
            ),
            "MAIL_URL is missing: mails wait in the outbox": self.mail_url is None,
        }
        return tuple(line for line, is_so in missing.items() if self.is_production and is_so)


def from_env(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, or raise SettingsError with one line that says what is wrong.

    Outside production, secrets that are missing are made once and kept under ``instance/``.
    """
    read = _Reader(os.environ if environ is None else environ)
    is_production = read("SHOP_ENV", "development") == "production"
    instance = Path(read("INSTANCE_PATH", str(ROOT / "instance")))
    port = _port(read("PORT", "8000"))
    site_url = read("SITE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    if is_production:
        _refuse_development(read)
    else:
        instance.mkdir(parents=True, exist_ok=True)
    api_base = read("STRIPE_API_BASE", STRIPE_API if is_production else _stand_in(port))
    settings = Settings(
        is_production=is_production,
        database_url=database_url(read("DATABASE_URL", f"sqlite:///{instance / 'shop.sqlite3'}")),
        secret_key=read("SECRET_KEY", "") or _kept_secret(instance / "secret-key"),
        stripe_secret_key=read("STRIPE_SECRET_KEY", "" if is_production else DEMONSTRATION_KEY),
        stripe_webhook_secret=read("STRIPE_WEBHOOK_SECRET", "")
        or ("" if is_production else _kept_secret(instance / "webhook-secret", prefix="whsec_")),
        stripe_api_base=api_base.rstrip("/"),
        stripe_checkout_origin=read(
            "STRIPE_CHECKOUT_ORIGIN",
            STRIPE_CHECKOUT_ORIGIN if api_base.rstrip("/") == STRIPE_API else api_base.rstrip("/"),
        ),
        mail_url=read("MAIL_URL", "") or None,
        mail_from=read("MAIL_FROM", f"shop@{urlsplit(site_url).hostname or 'localhost'}"),
        storage_url=_storage(read("STORAGE_URL", str(instance / "storage"))),
        site_url=site_url,
        port=port,
        trusted_hosts=_hosts(read("TRUSTED_HOSTS", ""), site_url, is_production=is_production),
        proxy_count=_whole_number("PROXY_COUNT", read("PROXY_COUNT", "0")),
        currencies=_currencies(read("CURRENCY", "USD"), read("CURRENCIES", "")),
        checkout_limits=_limits(read("CHECKOUT_LIMITS", CHECKOUT_LIMITS)),
        taxes_by_stripe=_one_of("TAX", read("TAX", "table"), ("table", "stripe")) == "stripe",
        needs_second_factor=_one_of(
            "SECOND_FACTOR",
            read("SECOND_FACTOR", "required" if is_production else "optional"),
            ("required", "optional"),
        )
        == "required",
        timezone=_zone(read("TIMEZONE", "UTC")),
        shipping_countries=_listed(read("SHIPPING_COUNTRIES", "US,CA")),
        review_after_days=_whole_number("REVIEW_AFTER_DAYS", read("REVIEW_AFTER_DAYS", "14")),
        keeps_pages=_one_of(
            "PAGE_CACHE", read("PAGE_CACHE", "on" if is_production else "off"), ("on", "off")
        )
        == "on",
        instance=instance,
    )
    if is_production and settings.uses_stand_in:
        message = "STRIPE_API_BASE points away from Stripe: not in production"
        raise SettingsError(message)
    return settings


class _Reader:
    """Reads ``NAME`` or the file that ``NAME_FILE`` names; an empty value counts as none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __call__(self, name: str, default: str) -> str:
        path = self._environ.get(f"{name}_FILE")
        if path:
            return Path(path).read_text(encoding="utf-8").strip()
        return self._environ.get(name) or default


def _refuse_development(read: _Reader) -> None:
    if not read("SECRET_KEY", ""):
        message = "SECRET_KEY is missing: production needs one of at least 32 characters"
        raise SettingsError(message)
    if len(read("SECRET_KEY", "")) < 32 or "demo" in read("SECRET_KEY", "").lower():  # noqa: PLR2004
        message = "SECRET_KEY is a demonstration secret or too short: use 32 random characters"
        raise SettingsError(message)
    if not read("STRIPE_SECRET_KEY", ""):
        message = "STRIPE_SECRET_KEY is missing: production takes payments by Stripe"
        raise SettingsError(message)
    if read("STRIPE_SECRET_KEY", "") == DEMONSTRATION_KEY:
        message = "STRIPE_SECRET_KEY is the stand-in's demonstration key: not in production"
        raise SettingsError(message)
    if read("FLASK_DEBUG", "0").lower() not in {"0", "false", "no", "off"}:
        message = "FLASK_DEBUG is on: not in production"
        raise SettingsError(message)


def database_url(url: str) -> str:
    """Return a database address with the driver that the shop uses for it."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _storage(url: str) -> str:
    try:
        storage.parsed(url)
    except storage.BadAddressError as wrong:
        message = f"STORAGE_URL is {url!r}: {wrong}"
        raise SettingsError(message) from None
    return url


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        message = f"PORT is {text!r}: it must be a number from 1 to 65535"
        raise SettingsError(message)
    return int(text)


def _whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        message = f"{name} is {text!r}: it must be a whole number"
        raise SettingsError(message)
    return int(text)


def _currencies(main: str, text: str) -> tuple[str, ...]:
    """Return the codes of all currencies, the main one first."""
    codes = tuple(dict.fromkeys((main, *_listed(text))))
    for code in codes:
        if not re.fullmatch("[A-Z]{3}", code):
            message = f"CURRENCY or CURRENCIES has {code!r}: it must be a code such as USD"
            raise SettingsError(message)
        if code in NOT_AS_AT_STRIPE:
            message = (
                f"CURRENCY or CURRENCIES has {code}: Stripe counts it in other units than banks"
            )
            raise SettingsError(message)
    return codes


def _limits(text: str) -> dict[str, tuple[int, int]]:
    """Return how often in how many seconds for each scope; ``off`` has none."""
    if text == "off":
        return {}
    found = re.findall(r"(?:^|,)((?:failed-)?(?:cart|address|overall))=(\d{1,7})/(\d{1,6})", text)
    limits = {scope: (int(most), int(window)) for scope, most, window in found}
    written = ",".join(f"{scope}={most}/{window}" for scope, (most, window) in limits.items())
    if written != text or not all(most and window for most, window in limits.values()):
        message = f"CHECKOUT_LIMITS is {text!r}: it must be such as cart=30/600,address=120/600"
        raise SettingsError(message)
    return limits


def _one_of(name: str, text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        message = f"{name} is {text!r}: it must be {' or '.join(words)}"
        raise SettingsError(message)
    return text


def _zone(name: str) -> str:
    if name not in available_timezones():
        message = f"TIMEZONE is {name!r}: it must be a name such as Europe/Berlin"
        raise SettingsError(message)
    return name


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _stand_in(port: int) -> str:
    return f"http://127.0.0.1:{port + 1}"


def _hosts(text: str, site_url: str, *, is_production: bool) -> tuple[str, ...]:
    hosts = [*_listed(text)]
    hosts.append(urlsplit(site_url).hostname or "localhost")
    if not is_production:
        hosts += ["127.0.0.1", "localhost"]
    return tuple(dict.fromkeys(hosts))


def _kept_secret(path: Path, prefix: str = "") -> str:
    """Return the secret in the file, made at the first call; only the owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        secret = prefix + secrets.token_urlsafe(32)
        file.write(secret)
    return secret
