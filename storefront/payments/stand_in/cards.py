"""Test cards by number, and what each one does. Source: Stripe docs, "Testing"."""

from dataclasses import dataclass

SHORTEST_NUMBER, LONGEST_NUMBER = 12, 19


@dataclass(frozen=True)
class Decline:
    """Why a payment failed, in Stripe's words; ``decline_code`` only for card declines."""

    code: str
    message: str
    decline_code: str | None = None

    @property
    def reason(self) -> str:
        """The most exact of the codes."""
        return self.decline_code or self.code


@dataclass(frozen=True)
class PaymentCard:
    """A card as it was typed: one of Stripe's test numbers, with its expiry."""

    number: str
    brand: str
    exp_month: int
    exp_year: int
    decline: Decline | None = None
    is_challenged: bool = False
    dispute: str | None = None

    @property
    def last4(self) -> str:
        """What may be shown of the number."""
        return self.number[-4:]


def _declined(decline_code: str, message: str = "Your card was declined.") -> Decline:
    return Decline("card_declined", message, decline_code)


BRANDS = {"3": "amex", "4": "visa", "5": "mastercard"}
ACCEPTED = frozenset({"4242424242424242", "5555555555554444", "378282246310005"})
CHALLENGED = frozenset({"4000000000003220", "4000002500003155"})
DECLINED = {
    "4000000000000002": _declined("generic_decline"),
    "4000000000009995": _declined("insufficient_funds", "Your card has insufficient funds."),
    "4000000000009987": _declined("lost_card"),
    "4000000000009979": _declined("stolen_card"),
    "4000000000000069": Decline("expired_card", "Your card has expired."),
    "4000000000000127": Decline("incorrect_cvc", "Your card's security code is incorrect."),
    "4000000000000119": Decline(
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
}
NOT_AUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment "
    "method and try again.",
)
BANK_REFUSED = Decline(
    "insufficient_funds", "The customer's account has insufficient funds to cover this payment."
)


# The charge succeeds and is disputed at once, for this reason; the last one as an inquiry.
DISPUTED = {
    "4000000000000259": "fraudulent",
    "4000000000002685": "product_not_received",
    "4000000000001976": "inquiry",
}
# The charge succeeds; what is refunded arrives later, or comes back after it seemed to arrive.
REFUND_PENDING, REFUND_FAILS = "4000000000007726", "4000000000005126"
# What follows ``tok_`` and ``pm_card_``. Source: Stripe docs, "Testing", tab PaymentMethods.
TOKENS = {
    "visa": "4242424242424242",
    "mastercard": "5555555555554444",
    "amex": "378282246310005",
    "authenticationRequired": "4000002500003155",
    "chargeDeclined": "4000000000000002",
    "visa_chargeDeclined": "4000000000000002",
    "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedLostCard": "4000000000009987",
    "visa_chargeDeclinedStolenCard": "4000000000009979",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedIncorrectCvc": "4000000000000127",
    "chargeDeclinedProcessingError": "4000000000000119",
    "createDispute": "4000000000000259",
    "createDisputeProductNotReceived": "4000000000002685",
    "createDisputeInquiry": "4000000000001976",
    "pendingRefund": REFUND_PENDING,
    "refundFail": REFUND_FAILS,
}
KNOWN = {*ACCEPTED, *CHALLENGED, *DECLINED, *DISPUTED, REFUND_PENDING, REFUND_FAILS}


def is_test_card(number: str) -> bool:
    """Tell whether the digits are one of Stripe's test numbers."""
    return number in KNOWN


def card(number: str, exp_month: int, exp_year: int) -> PaymentCard:
    """Return what a known test number does; ``is_test_card(number)`` must hold."""
    return PaymentCard(
        number=number,
        brand=BRANDS[number[0]],
        exp_month=exp_month,
        exp_year=exp_year,
        decline=DECLINED.get(number),
        is_challenged=number in CHALLENGED,
        dispute=DISPUTED.get(number),
    )


def passes_luhn(number: str) -> bool:
    """Check the last digit. Source: ISO/IEC 7812-1, annex B."""
    if not (number.isascii() and number.isdecimal()):
        return False
    if not SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in number[::-2])) % 10 == 0
