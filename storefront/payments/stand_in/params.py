"""Reads Stripe's bracketed form parameters into values, refusing them as Stripe does.

A reader takes what was sent and the parameter's name and returns a value or raises StripeError.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from .errors import StripeError, missing_parameter, not_done_here, unknown_parameter
from .store import Json

Reader = Callable[[Any, str], Any]

HUNDRED = 100
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


def unflatten(pairs: Iterable[tuple[str, str]]) -> Json:
    """Turn ``a[b][0]=x`` into ``{"a": {"b": {"0": "x"}}}``; ``a[]`` takes the next number."""
    tree: Json = {}
    for name, value in pairs:
        steps = [name.split("[", 1)[0], *re.findall(r"\[([^\]]*)\]", name)]
        branch = tree
        for step, following in pairwise(steps):
            inner = branch.setdefault(step or str(len(branch)), {})
            if not isinstance(inner, dict):
                raise StripeError(message=f"Invalid object: {following}", param=name)
            branch = inner
        branch[steps[-1] or str(len(branch))] = value
    return tree


def text(longest: int = 5000) -> Reader:
    """Return a reader of strings of at most this length."""

    def read(sent: Any, name: str) -> str:
        value = plain(sent, name)
        if len(value) > longest:
            raise StripeError(
                message=f"Invalid string: {value[:20]}…; must be at most {longest} characters",
                param=name,
            )
        return value

    return read


def plain(sent: Any, name: str) -> str:
    """Return a string that is one and is not empty."""
    if not isinstance(sent, str):
        raise StripeError(message=f"Invalid string: {sent}", param=name)
    if sent == "":
        raise StripeError(
            message=f"You passed an empty string for '{name}'. We assume empty values are an "
            f"attempt to unset a parameter; however '{name}' cannot be unset. You should remove "
            f"'{name}' from your request or supply a non-empty value.",
            code="parameter_invalid_empty",
            param=name,
        )
    return sent


def integer(least: int | None = None) -> Reader:
    """Return a reader of whole numbers, from ``least`` upwards."""

    def read(sent: Any, name: str) -> int:
        value = plain(sent, name)
        if not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
            raise StripeError(
                message=f"Invalid integer: {value}", code="parameter_invalid_integer", param=name
            )
        if least is not None and int(value) < least:
            raise StripeError(
                message=f"This value must be greater than or equal to {least}.",
                code="parameter_invalid_integer",
                param=name,
            )
        return int(value)

    return read


def percent(sent: Any, name: str) -> float | int:
    """Read a part of a hundred with at most two decimals: more than 0, at most 100."""
    value = plain(sent, name)
    if (
        not re.fullmatch(r"\d{1,3}(\.\d{1,2}0*)?", value, re.ASCII)
        or not 0 < float(value) <= HUNDRED
    ):
        raise StripeError(
            message=f"Invalid decimal: {value}; must be above 0, at most 100", param=name
        )
    return float(value) if float(value) % 1 else int(float(value))


def boolean(sent: Any, name: str) -> bool:
    """Read ``true`` or ``false``."""
    value = plain(sent, name)
    if value.lower() not in {"true", "false"}:
        raise StripeError(message=f"Invalid boolean: {value}", param=name)
    return value.lower() == "true"


def choice(*allowed: str) -> Reader:
    """Return a reader of one of these words."""

    def read(sent: Any, name: str) -> str:
        value = plain(sent, name)
        if value not in allowed:
            raise StripeError(
                message=f"Invalid {name}: must be one of {', '.join(allowed)}", param=name
            )
        return value

    return read


def currency(sent: Any, name: str) -> str:
    """Read three letters, in any case, as Stripe does."""
    value = plain(sent, name).lower()
    if not re.fullmatch(r"[a-z]{3}", value):
        raise StripeError(message=f"Invalid currency: {value}", param=name)
    return value


def url(sent: Any, name: str) -> str:
    """Read an address of the web."""
    value = plain(sent, name)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise StripeError(message="Not a valid URL", code="url_invalid", param=name)
    return value


def looks_like_email(value: str) -> bool:
    """Tell whether this could be an email address; nothing is sent to it."""
    return re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", value) is not None


def email(sent: Any, name: str) -> str:
    """Read an email address."""
    value = plain(sent, name)
    if not looks_like_email(value):
        raise StripeError(
            message=f"Invalid email address: {value}", code="email_invalid", param=name
        )
    return value


def listing(each: Reader) -> Reader:
    """Return a reader of arrays, each element read by ``each``."""

    def read(sent: Any, name: str) -> list[Any]:
        if not isinstance(sent, dict) or not all(key.isdecimal() for key in sent):
            raise StripeError(message="Invalid array", param=name)
        return [each(sent[key], f"{name}[{key}]") for key in sorted(sent, key=int)]

    return read


def group(fields: Mapping[str, Reader], *, needs: tuple[str, ...] = ()) -> Reader:
    """Read an object with these fields and no others."""

    def read(sent: Any, name: str) -> Json:
        if not isinstance(sent, dict):
            raise StripeError(message="Invalid object", param=name)
        for key in sent:
            if key not in fields:
                raise unknown_parameter(inside(name, key))
        values = {key: fields[key](sent[key], inside(name, key)) for key in sent}
        for key in needs:
            if key not in sent:
                raise missing_parameter(inside(name, key))
        return values

    return read


def inside(name: str, key: str) -> str:
    """Return a parameter's name as a client writes it: ``a[b]``."""
    return f"{name}[{key}]" if name else key


def metadata(sent: Any, name: str) -> dict[str, str]:
    """Read keys and values within Stripe's limits; an empty value is a key not set."""
    if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
        raise StripeError(message="Invalid object", param=name)
    if len(sent) > METADATA_KEYS:
        raise StripeError(message=f"You can have up to {METADATA_KEYS} metadata keys", param=name)
    for key, value in sent.items():
        if len(key) > METADATA_KEY_LENGTH or len(value) > METADATA_VALUE_LENGTH:
            raise StripeError(
                message=f"Metadata keys can have up to {METADATA_KEY_LENGTH} characters and "
                f"values up to "
                f"{METADATA_VALUE_LENGTH}: {key[:METADATA_KEY_LENGTH]}",
                param=inside(name, key),
            )
    return {key: value for key, value in sent.items() if value}


def switched_off(sent: Any, name: str) -> bool:
    """Read ``false``; what it would switch on is not done here."""
    if boolean(sent, name):
        raise not_done_here(what=f"{name}=true", param=name)
    return False


def refused(sent: Any, name: str) -> Any:
    """Refuse what Stripe would take, so that nobody believes it was done."""
    raise not_done_here(what=f"{name}={sent}" if isinstance(sent, str) else name, param=name)
