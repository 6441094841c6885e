"""A person at a page: looks at what is there, and sends the forms that are on it."""

from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Page:
    """An answer, parsed."""

    client: FlaskClient
    response: TestResponse
    url: str

    def __post_init__(self) -> None:
        self.html = BeautifulSoup(self.response.get_data(as_text=True), "html.parser")

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def main(self) -> Tag:
        found = self.html.find("main")
        assert isinstance(found, Tag), self.html
        return found

    @property
    def text(self) -> str:
        """What stands in main, with single spaces."""
        return " ".join(self.main.get_text(" ").split())

    @property
    def heading(self) -> str:
        return " ".join(self.main.find("h1").get_text(" ").split())

    @property
    def location(self) -> str:
        return self.response.headers["Location"]

    def link(self, name: str) -> str:
        """Return the address of the link of this name."""
        for link in self.html.find_all("a"):
            if name in " ".join(link.get_text(" ").split()):
                return link["href"]
        msg = f"no link {name!r} on {self.url}"
        raise AssertionError(msg)

    def follow(self, name: str) -> "Page":
        return visit(self.client, urljoin(self.url, self.link(name)))

    def errors(self) -> list[str]:
        """What stands beside the fields that are marked as wrong."""
        found = []
        for field in self.html.find_all(attrs={"aria-invalid": "true"}):
            for key in field.get("aria-describedby", "").split():
                about = self.html.find(id=key)
                if about is not None and "error" in " ".join(about.get("class", [])):
                    found.append(" ".join(about.get_text(" ").split()))
        return found

    def submit(self, button: str, *, nth: int = 0, follow: bool = True, **typed: object) -> "Page":
        """Fill the form that has this button and send it; fields that it lacks may be forged."""
        form, pressed = self._button(button, nth)
        data = {**filled(form), **{key: str(value) for key, value in typed.items()}}
        if pressed.get("name"):
            data[pressed["name"]] = pressed.get("value", "")
        action = urljoin(self.url, pressed.get("formaction") or form.get("action") or self.url)
        response = self.client.post(
            action, data=data, headers={"Origin": "http://localhost"}, follow_redirects=False
        )
        page = Page(self.client, response, action)
        if follow and response.status_code == 303 and page.location.startswith("/"):
            return visit(self.client, page.location)
        return page

    def _button(self, name: str, nth: int) -> tuple[Tag, Tag]:
        found = [
            button
            for button in self.html.find_all("button")
            if " ".join(button.get_text(" ").split()) == name and not button.has_attr("disabled")
        ]
        assert len(found) > nth, f"no button {name!r} on {self.url}: {self.text[:500]}"
        form = found[nth].find_parent("form")
        assert isinstance(form, Tag)
        return form, found[nth]


def visit(client: FlaskClient, url: str, **headers: str) -> Page:
    """Open an address, following redirects as a browser does."""
    response = client.get(url, headers=headers, follow_redirects=True)
    return Page(client, response, response.request.url)


def filled(form: Tag) -> dict[str, str]:
    """Return what a form sends when nothing is typed."""
    data: dict[str, str] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            data[name] = chosen.get("value", chosen.get_text()) if chosen else ""
        elif field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.get("type") not in {"checkbox", "radio"} or field.has_attr("checked"):
            data[name] = field.get("value", "")
    return data
