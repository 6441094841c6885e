"""A browser that costs little: one connection, its cookies, and the addresses it is led to."""

import http.client
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SEEN = re.compile(r'name="seen"[^>]* value="([^"]*)"')


class Browser:
    """Visits one shop. page: what it was shown last; address: where."""

    def __init__(self, base: str) -> None:
        self._line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
        self.cookies: dict[str, str] = {}
        self.page = self.address = ""

    def get(self, address: str) -> int:
        """Follow a link, and wherever it leads; return the last status."""
        return self._ask("GET", address, None)

    def post(self, address: str, form: Mapping[str, str], *, follow: bool = True) -> int:
        """Send a form, with the token that oscar wants in it, and go where that leads."""
        token = self.cookies.get("csrftoken")
        sent = {**form, **({"csrfmiddlewaretoken": token} if token else {})}
        return self._ask("POST", address, urlencode(sent), follow=follow)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _ask(self, method: str, address: str, body: str | None, *, follow: bool = True) -> int:
        for _ in range(6):
            headers = {"Cookie": "; ".join(f"{it}={value}" for it, value in self.cookies.items())}
            self._line.request(
                method,
                address,
                body,
                {**(FORM if body else {}), **(headers if self.cookies else {})},
            )
            answer = self._line.getresponse()
            self.page = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";")[0].partition("=")
                self.cookies[name] = value
            self.address = address
            if not follow or answer.status not in {301, 302, 303}:
                break
            parts = urlsplit(answer.headers["Location"])
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            method, body = "GET", None
        return answer.status
