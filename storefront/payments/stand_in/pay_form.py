"""What the buyer types on the pay page, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from babel import Locale

from .cards import PaymentCard, card, is_test_card, passes_luhn
from .params import looks_like_email
from .payments import bank_debit_of
from .store import Json

# Countries offered when the session names none.
COUNTRIES = (
    "AT", "AU", "BE", "CA", "CH", "CZ", "DE", "DK", "ES", "FI", "FR", "GB",
    "IE", "IT", "JP", "MX", "NL", "NO", "NZ", "PL", "PT", "SE", "US",
)  # fmt: skip
# Plainly nobody: so that a card number, an expiry and a CVC are all there is to type.
DEMO_BUYER = {
    "method": "card",
    "bank_outcome": "succeeds",
    "email": "buyer@example.com",
    "name": "Demo Buyer",
    "line1": "1 Example Street",
    "city": "Denver",
    "state": "CO",
    "postal_code": "80202",
    "country": "US",
    "phone": "+1 303 555 0100",
    "terms": "yes",
}
NEEDED = {
    "email": "Enter an email address.",
    "name": "Enter a name.",
    "line1": "Enter the first line of the address.",
    "city": "Enter a city.",
    "postal_code": "Enter a postal code.",
}
AMEX_CVC, USUAL_CVC = 4, 3
MONTHS = range(1, 13)


@dataclass
class PayForm:
    """One filled-in page. ``check`` fills ``errors``, by field, and ``card``."""

    session: Json
    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    card: PaymentCard | None = None

    @property
    def is_free(self) -> bool:
        """True when there is nothing to pay, and so no method to choose."""
        return int(self.session["amount_total"]) == 0

    @property
    def wants_bank(self) -> bool:
        """True when a bank debit was chosen and this session offers one."""
        chosen = self.values.get("method") == "bank" or not self.offers_card
        return chosen and bank_debit_of(self.session) != ""

    @property
    def offers_card(self) -> bool:
        """True when the session can be paid by card."""
        return "card" in self.session["payment_method_types"]

    @property
    def countries(self) -> dict[str, str]:
        """Codes and English names to choose from, by name."""
        asked = self.session["shipping_address_collection"]
        codes = asked["allowed_countries"] if asked else COUNTRIES
        names = Locale("en").territories
        return dict(sorted(((code, names.get(code, code)) for code in codes), key=lambda c: c[1]))

    def text(self, name: str) -> str:
        """Return what was typed into a field, without blanks around it."""
        return self.values.get(name, "").strip()

    def check(self, today: date) -> bool:
        """Find every mistake; return whether there is none."""
        for name, message in NEEDED.items():
            if not self.text(name):
                self.errors[name] = message
        if self.text("email") and not looks_like_email(self.text("email")):
            self.errors["email"] = "Enter an email address like name@example.com."
        if self.text("country") not in self.countries:
            self.errors["country"] = "Choose a country from the list."
        if self.needs_terms and not self.values.get("terms"):
            self.errors["terms"] = "Agree to the terms of service to go on."
        if not (self.is_free or self.wants_bank):
            self._check_card(today)
        return not self.errors

    @property
    def needs_terms(self) -> bool:
        """True when the terms of service have to be accepted."""
        asked = self.session["consent_collection"]
        return bool(asked) and asked["terms_of_service"] == "required"

    @property
    def offers_promotions(self) -> bool:
        """True when the buyer is asked about marketing mail."""
        asked = self.session["consent_collection"]
        return bool(asked) and asked["promotions"] == "auto"

    def _check_card(self, today: date) -> None:
        number = re.sub(r"[\s-]", "", self.text("card_number"))
        if not number:
            self.errors["card_number"] = "Enter a card number."
        elif not passes_luhn(number):
            self.errors["card_number"] = "This card number is invalid: check its digits."
        elif not is_test_card(number):
            self.errors["card_number"] = (
                "This stand-in only knows test cards. Never type a real card number here."
            )
        expiry = self._expiry(today)
        length = AMEX_CVC if number.startswith("3") else USUAL_CVC
        if not re.fullmatch(rf"\d{{{length}}}", self.text("cvc"), re.ASCII):
            self.errors["cvc"] = f"Enter the {length} digits of the CVC."
        if expiry and not self.errors.keys() & {"card_number", "expiry", "cvc"}:
            self.card = card(number, *expiry)

    def _expiry(self, today: date) -> tuple[int, int] | None:
        """Return month and four-digit year, or note what is wrong with them."""
        typed = re.fullmatch(r"(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})", self.text("expiry"), re.ASCII)
        month = int(typed[1]) if typed else 0
        if typed is None or month not in MONTHS:
            self.errors["expiry"] = "Enter the expiry as month and year, like 12 / 34."
            return None
        year = int(typed[2]) % 2000 + 2000
        if (year, month) < (today.year, today.month):
            self.errors["expiry"] = "This card's expiry date is in the past."
        return month, year

    @property
    def details(self) -> Json:
        """Return buyer and consent as the session keeps them; only after ``check``."""
        address = {name: self.text(name) or None for name in ("city", "country", "line1", "state")}
        return {
            "person": {
                "email": self.text("email"),
                "name": self.text("name"),
                "phone": self._phone,
                "address": {**address, "line2": None, "postal_code": self.text("postal_code")},
            },
            "consent": self._consent,
        }

    @property
    def _phone(self) -> str | None:
        asked = self.session["phone_number_collection"]["enabled"]
        return (self.text("phone") or None) if asked else None

    @property
    def _consent(self) -> Json:
        promotions = None
        if self.offers_promotions:
            promotions = "opt_in" if self.values.get("promotions") else "opt_out"
        return {
            "promotions": promotions,
            "terms_of_service": "accepted" if self.needs_terms else None,
        }


def prefilled(session: Json) -> PayForm:
    """Return the page as it is first shown, with the demonstration buyer."""
    known = session["customer_details"] or {}
    email = known.get("email") or DEMO_BUYER["email"]
    form = PayForm(session, {**DEMO_BUYER, "email": email})
    if "US" not in form.countries:
        form.values = {**form.values, "country": next(iter(form.countries))}
    return form
