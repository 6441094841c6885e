"""What the back office refuses: each form says so beside the field, and keeps what was typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import Tag
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from models import Location, StockTake, Supplier, SupplierItem, Variant
from storefront.staff.places import PLACES
from tests.browser import Page, filled, visit
from tests.factories import make_customer, make_paid_order
from tests.features.test_staff_parcels import ship, ship_field
from tests.staff import sign_in

ORIGIN = {"Origin": "http://localhost"}
TYPED = ("Typed <b>words</b> & more\N{NULL}", "x" * 6000, "0", "")
MORE = ("/staff/limits", "/staff/questions", "/staff/me/passkeys", "/staff/drafts/new")
NOT_TYPED = {"hidden", "checkbox", "radio", "file", "password", "submit"}
LEAVES = {
    *("staff.session.remove", "staff.own.sign_ins_remove", "staff.own.sign_in_remove"),
    "staff.own.passkeys_create",  # a browser fills it
}


@dataclass
class Button:
    """A button of a form, and where it leads."""

    form: Tag
    pressed: Tag
    address: str
    endpoint: str

    @property
    def key(self) -> tuple[str, str]:
        """What it does, whichever row it stands in."""
        return self.endpoint, self.pressed.get("value", "").partition("-")[0].partition(":")[0]

    def typed(self, text: str) -> dict[str, str]:
        fields = self.form.find_all(["input", "textarea"])
        return {
            it["name"]: text
            for it in fields
            if it.get("name") and it.get("type") not in NOT_TYPED and not it.has_attr("disabled")
        }

    def send(self, client, typed: dict[str, str]) -> Page:
        sent = {**filled(self.form), **typed}
        if self.pressed.get("name"):
            sent[self.pressed["name"]] = self.pressed.get("value", "")
        return Page(client, client.post(self.address, data=sent, headers=ORIGIN), self.address)


def endpoint_of(app, address: str, method: str) -> str | None:
    try:
        return app.url_map.bind("localhost").match(urlsplit(address).path, method)[0]
    except HTTPException:
        return None


def screens(app, client, waiting: list[str]) -> Iterator[Page]:
    """Open these pages, and one of each kind that they lead to."""
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow_redirects=True)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        page = Page(client, answer, answer.request.url)
        if page.html.find("main") is None:
            continue
        yield page
        for link in page.html.find_all("a", href=True):
            leads = urljoin(page.url, link["href"])
            endpoint = endpoint_of(app, leads, "GET") or ""
            if endpoint.startswith("staff.") and endpoint not in seen:
                seen.add(endpoint)
                waiting.append(leads.removeprefix("http://localhost"))


def buttons(app, page: Page) -> Iterator[Button]:
    for form in page.html.find_all("form", method="post"):
        for pressed in form.find_all("button"):
            to = pressed.get("formaction") or form.get("action") or page.url
            endpoint = endpoint_of(app, address := urljoin(page.url, to), "POST")
            if endpoint and endpoint not in LEAVES:
                yield Button(form, pressed, address, endpoint)


def shown(main: Tag, name: str) -> str | None:
    box = main.find(["input", "textarea"], attrs={"name": name})
    if box is None:
        return None
    if box.name == "textarea":
        return box.get_text().removeprefix("\r").removeprefix("\n")
    return box.get("value", "")


def begins(page: Page) -> bool:
    """Whether the browser goes to what is wrong, or a notice above all says it."""
    first = page.main.find(attrs={"autofocus": True})
    is_there = first is not None and first.get("aria-invalid") == "true"
    return is_there or bool(page.main.select(".notice--error[role=alert]"))


def mistakes(page: Page, typed: dict[str, str]) -> list[str]:
    """Return what a refusal lacks: words beside a field, the way there, or what was typed."""
    found = []
    if not page.errors():
        found.append("says nothing beside a field")
    if not begins(page):
        found.append("does not begin at what is wrong")
    readable = {name: shown(page.main, name) for name in typed}
    return found + [name for name, text in typed.items() if readable[name] != text]


@pytest.fixture
def busy(client, session):
    """A shop at work: orders, one partly shipped; a supplier, a stock take and a customer."""
    person = sign_in(client, session)
    variant = session.scalars(select(Variant).order_by(Variant.id)).first()
    customer = make_customer(session)
    orders = [make_paid_order(session, variant=variant, quantity=3) for _ in range(2)]
    make_paid_order(session, variant=variant, customer=customer, email=customer.email)
    here = session.scalars(select(Location.id)).first()
    supplier = Supplier(name="Forge", email="forge@example.com", currency="USD", lead_days=14)
    supplier.items = [SupplierItem(variant_id=variant.id, cost_minor=2050, pack_size=10)]
    session.add_all([supplier, StockTake(title="June", location_id=here, actor=person.email)])
    session.commit()
    ship(client, orders[0], **{ship_field(session, orders[0]): "2"})
    visit(client, f"/staff/purchases/new?supplier={supplier.id}").submit(
        "Save as a draft", **{f"line-{variant.id}-quantity": "10"}
    )
    return [f"/staff/orders/{it.number}" for it in orders]


@pytest.mark.seeded
def test_every_form_that_refuses_says_why_and_keeps_what_was_typed(app, client, session, busy):
    with app.test_request_context():
        begin = [*busy, *(urlsplit(place.url).path for place in PLACES), *MORE]
    tried: set[tuple[str, str]] = set()
    refused: set[str] = set()
    wrong = []

    for page in screens(app, client, begin):
        for button in buttons(app, page):
            if button.key in tried or not button.typed(""):
                continue
            tried.add(button.key)
            for text in TYPED:
                typed = button.typed(text)
                answer = button.send(client, typed)
                assert answer.status < 500, (button.key, text)
                if answer.status == 422:
                    refused.add(button.endpoint)
                    wrong += [(*button.key, text[:6], it) for it in mistakes(answer, typed)]

    assert wrong == []
    assert len(refused) >= 60, sorted(refused)


@pytest.mark.seeded
def test_what_has_ended_says_so_instead_of_what_was_typed_wrong(client, session, busy):
    take = f"/staff/stock-takes/{session.scalars(select(StockTake.id)).one()}"
    page = visit(client, take)
    page.submit("Drop")

    for refused in (page.submit("Count", code=""), page.submit("Book", reason="")):
        assert refused.status == 409
        assert "This stock take is closed. Nothing was changed." in refused.text


@pytest.mark.seeded
def test_an_order_that_cannot_ship_says_so(client, session, busy):
    number = busy[1].rpartition("/")[2]
    page = visit(client, busy[1])
    page.submit("Mark as shipped", tracking_number="ALL")

    refused = page.submit("Mark as shipped", tracking_number="")

    assert refused.status == 409
    assert "This order is shipped by now, so it cannot ship." in refused.text
    assert number in refused.heading


@pytest.mark.seeded
def test_nothing_of_an_order_that_never_left_can_come_back(client, session, busy):
    address = busy[1].replace("/orders/", "/returns/new/")

    refused = client.post(address, data={"reason": ""}, headers=ORIGIN)

    assert refused.status_code == 409
    assert 'role="alert"' in refused.text


@pytest.mark.seeded
def test_an_act_that_there_is_not_changes_no_stock(client, session, busy):
    sku = session.scalars(select(Variant.sku).order_by(Variant.id)).first()
    page = visit(client, f"/staff/inventory/{sku}")
    typed = {"quantity": "4", "reason": "As it was", "act": "nothing"}

    refused = client.post(f"{page.url}/movements", data=typed, headers=ORIGIN)

    shown_again = Page(client, refused, page.url)
    assert refused.status_code == 422
    assert "Press one of the buttons to say what happened." in shown_again.text
    assert shown(shown_again.main, "reason") == "As it was"


@pytest.mark.seeded
def test_the_browser_begins_at_the_first_mistake_of_a_long_page(client, session, busy):
    refused = visit(client, busy[1]).submit("Mark as shipped", tracking_number="")

    assert "Nothing was shipped yet. Correct what is marked below." in refused.text
    assert [it["name"] for it in refused.main.find_all(autofocus=True)] == ["tracking_number"]
