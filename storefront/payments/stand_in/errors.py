"""Stripe's errors, in Stripe's words. Source: Stripe API 2026-08-26.dahlia, "Errors"."""

from .store import Json


class StripeError(Exception):
    """A refusal that goes out as ``{"error": {…}}``; raising it undoes the transaction."""

    def __init__(
        self, *, message: str, code: str | None = None, param: str | None = None, status: int = 400
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: Json = {"type": "invalid_request_error", "message": message}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = doc_url(code)
        if param:
            self.error["param"] = param

    @property
    def body(self) -> Json:
        """The whole answer."""
        return {"error": self.error}


class IdempotencyError(StripeError):
    """The same key was used for something else."""

    def __init__(self, key: str) -> None:
        super().__init__(
            message="Keys for idempotent requests can only be used with the same parameters "
            f"they were first used with. Try using a key other than '{key}' if you meant to "
            "execute a different request."
        )
        self.error["type"] = "idempotency_error"


class KeyInUseError(StripeError):
    """The first request with this key is still being answered; the SDK tries again."""

    def __init__(self, key: str) -> None:
        super().__init__(
            message="There is currently another in-progress request using this Idempotent "
            "Key (that probably means you submitted twice, and the other request is still going "
            f"through): {key}. Please try again later.",
            code="idempotency_key_in_use",
            status=409,
        )


class DeclinedError(StripeError):
    """A payment over the API failed: 402, and what was tried stays written."""

    def __init__(self, intent: Json, method: Json) -> None:
        super().__init__(message=intent["last_payment_error"]["message"], status=402)
        self.error |= intent["last_payment_error"]
        self.error["payment_intent"] = intent
        self.error["payment_method"] = method


class RateLimitError(StripeError):
    """Too many requests: a fault that was switched on."""

    def __init__(self) -> None:
        super().__init__(
            message="Request rate limit exceeded. Learn more about rate limits here "
            "https://stripe.com/docs/rate-limits.",
            code="rate_limit",
            status=429,
        )


class ServerError(StripeError):
    """Something broke at Stripe: a fault that was switched on."""

    def __init__(self) -> None:
        super().__init__(
            message="An unknown error occurred. (The local Stripe stand-in was told to fail.)",
            status=500,
        )
        self.error["type"] = "api_error"


def doc_url(code: str) -> str:
    """Return the address that Stripe gives with a code."""
    return f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"


def unknown_parameter(param: str) -> StripeError:
    """Return the refusal of a parameter that Stripe does not have."""
    message = f"Received unknown parameter: {param}"
    return StripeError(message=message, code="parameter_unknown", param=param)


def missing_parameter(param: str) -> StripeError:
    """Return the refusal of a request without this parameter."""
    message = f"Missing required param: {param}."
    return StripeError(message=message, code="parameter_missing", param=param)


def no_such(object_id: str, noun: str, param: str, *, status: int = 404) -> StripeError:
    """Return the refusal of an id; 404 when it was in the path, 400 as a parameter."""
    message = f"No such {noun}: '{object_id}'"
    return StripeError(message=message, code="resource_missing", param=param, status=status)


def not_done_here(what: str, param: str | None = None) -> StripeError:
    """Return the refusal of something Stripe does and the stand-in does not: plainly its own."""
    message = f"The local Stripe stand-in does not do this: {what}"
    return StripeError(message=message, param=param)
