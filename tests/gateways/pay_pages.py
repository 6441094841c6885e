"""A buyer on the stand-in's pay page: reads it as HTML and sends the form that is on it."""

from typing import Any
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

PAYS = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
CHALLENGED = "4000 0025 0000 3155"


class PayPage:
    """One answer of the stand-in; a redirect is not followed, so that it can be looked at."""

    def __init__(self, answer: requests.Response) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.soup = BeautifulSoup(answer.text, "html.parser")

    @property
    def goes_to(self) -> str:
        return urljoin(self.answer.url, self.answer.headers["Location"])

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    @property
    def alert(self) -> str:
        return " ".join(self.soup.select_one("[role=alert]").get_text().split())  # type: ignore[union-attr]

    @property
    def button(self) -> str:
        return self.soup.select_one("main button").get_text()  # type: ignore[union-attr]

    def field(self, label: str) -> Tag:
        """Return the control that this label, word for word, belongs to."""
        (found,) = [each for each in self.soup.find_all("label") if each.get_text() == label]
        control = self.soup.find(id=found["for"])
        assert isinstance(control, Tag)
        return control

    def error(self, label: str) -> str:
        """Return the message beside a field that is marked invalid."""
        control = self.field(label)
        assert control["aria-invalid"] == "true"
        (message,) = [
            self.soup.find(id=each)
            for each in str(control["aria-describedby"]).split()
            if each.endswith("-error")
        ]
        assert message is not None
        return message.get_text()

    def values(self) -> dict[str, str]:
        """Return what a browser would send if nothing were typed."""
        found = {}
        for control in self.soup.select("form input, form select"):
            chosen = control.select_one("option[selected]") if control.name == "select" else control
            if control.get("type") in {"radio", "checkbox"} and not control.has_attr("checked"):
                continue
            found[str(control["name"])] = str(chosen["value"]) if chosen else ""
        return found

    def send(self, **typed: Any) -> "PayPage":
        form = self.soup.select_one("form")
        assert form is not None
        return post(urljoin(self.answer.url, str(form["action"])), {**self.values(), **typed})

    def pay(self, number: str, **typed: Any) -> "PayPage":
        """Type a card and press the button."""
        card = {"card_number": number, "expiry": "12 / 34", "cvc": "123"}
        return self.send(**card, **typed)


def visit(address: str) -> PayPage:
    return PayPage(requests.get(address, timeout=10, allow_redirects=False))


def post(address: str, form: dict[str, Any]) -> PayPage:
    return PayPage(requests.post(address, data=form, timeout=10, allow_redirects=False))
