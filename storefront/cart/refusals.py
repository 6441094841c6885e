"""Changes of a cart that cannot be: in words, with a status, for people and scripts."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from storefront.cart import room
from storefront.languages import gettext, lazy_gettext

FULL = lazy_gettext("A cart holds at most 99 of one thing, and 50 different things.")


class RefusedError(Exception):
    """A change of the cart that cannot be; the message is for people."""

    def __init__(self, message: str, status: int) -> None:
        """Remember what to say, and with which status."""
        super().__init__(message)
        self.message = str(message)
        self.status = status

    def as_json(self, title: str | None = None) -> ResponseReturnValue:
        """Return the refusal as the hosted shop's scripts read it."""
        message = title or self.message
        body = jsonify(status=self.status, message=message, description=self.message)
        return body, self.status


def wants_json() -> bool:
    """Say whether the asker reads JSON rather than pages."""
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json"


@contextmanager
def in_words(unknown: str, full: str = FULL) -> Iterator[None]:
    """Turn what the service raises into words and a status.

    unknown: said of a wrong id; full: of what holds no more.
    """
    try:
        yield
    except room.UnknownVariantError:
        raise RefusedError(unknown, 404) from None
    except room.NotSoldInCurrencyError as currency:
        message = gettext(
            "This is not sold in %(currency)s. Choose another currency in your cart.",
            currency=currency,
        )
        raise RefusedError(message, 409) from None
    except room.CartFullError:
        raise RefusedError(full, 422) from None
    except room.NotEnoughError as short:
        raise RefusedError(_shortage(short), 409) from None
    except ValueError as wrong:
        raise RefusedError(str(wrong), 422) from None


def _shortage(short: room.NotEnoughError) -> str:
    if short.available <= 0:
        return gettext("This is sold out.")
    if short.in_cart:
        return gettext(
            "Only %(count)s left, and your cart holds %(held)s of them.",
            count=short.available,
            held=short.in_cart,
        )
    return gettext("Only %(count)s left. Choose a smaller quantity.", count=short.available)
