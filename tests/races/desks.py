"""The same member of staff in several browsers, each of which sends a form at the same moment."""

from tests.browser import Page
from tests.staff import sign_in


class Desk:
    """Browsers in which one owner is signed in."""

    def __init__(self, app, session):
        self._app = app
        self.first = app.test_client()
        self.person = sign_in(self.first, session)
        self._cookie = self.first.get_cookie("staff", path="/staff").value

    def browser(self):
        """Return another browser of hers."""
        browser = self._app.test_client()
        browser.set_cookie("staff", self._cookie, path="/staff")
        return browser


def press(page: Page, button: str, **typed: object):
    """Return what sends a form, and answers with the status."""
    return lambda: page.submit(button, follow=False, **typed).status
