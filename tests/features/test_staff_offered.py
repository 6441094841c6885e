"""What a role may not do is not offered: every link and button of the pages that it can reach."""

from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from models import (
    Comment,
    Fulfilment,
    FulfilmentLine,
    Mail,
    OrderLine,
    Return,
    ReturnLine,
    ReturnStatus,
    Role,
)
from models.staff import PERMISSIONS
from storefront.staff.access import PUBLIC
from tests.browser import visit
from tests.factories import (
    make_article,
    make_blog,
    make_discount,
    make_paid_order,
    make_product,
    make_staff,
    make_tutorial,
    make_variant,
)
from tests.staff import sign_in

MOST = 3  # pages of one screen, such as of three orders
LEFT_OUT = frozenset({"staff.session.remove"})


@pytest.fixture
def busy_shop(session):
    """One of most things that staff may see, an order in each state among them."""
    product = make_product(session, title="The press", handle="the-press")
    variant = make_variant(session, product=product, sku="PRESS-RED", low_at=20)
    make_paid_order(session, variant=variant, quantity=2)
    held = make_paid_order(session, variant=variant)
    held.attention = "Look at it."
    shipped = make_paid_order(session, variant=variant)
    line_id = session.scalars(select(OrderLine.id).filter_by(order_id=shipped.id)).one()
    parcel = Fulfilment(order_id=shipped.id, tracking_number="T1", actor="test")
    parcel.lines = [FulfilmentLine(order_line_id=line_id, quantity=1)]
    article = make_article(session, blog=make_blog(session))
    make_tutorial(session)
    make_discount(session, code="TEN")
    make_staff(session)
    session.add_all(
        [
            parcel,
            *(
                Return(
                    order_id=shipped.id,
                    status=status,
                    actor="test",
                    lines=[ReturnLine(order_line_id=line_id, quantity=1)],
                )
                for status in ReturnStatus
            ),
            Comment(name="Ada", text="How often?", email="ada@example.org", article_id=article.id),
            Mail(key="a", recipient="a@example.org", subject="Hi", text="Hi", html="Hi"),
        ]
    )
    session.commit()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_offered_nothing_that_it_is_refused(app, client, session, busy_shop, role):
    sign_in(client, session, role)
    waiting, counted, seen = deque(["/staff"]), {}, set()
    refused = set()

    while waiting:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        page = visit(client, address)
        assert page.status < 500, address
        if "text/html" not in page.response.content_type:
            continue
        for method, url in offered(page):
            endpoint = endpoint_of(app, method, url)
            needed = getattr(app.view_functions.get(endpoint), "needs", PUBLIC)
            if needed != PUBLIC and needed not in PERMISSIONS[role]:
                refused.add((urlsplit(address).path, method, url, needed.value))
            elif method == "GET" and endpoint not in LEFT_OUT:
                counted[endpoint] = counted.get(endpoint, 0) + 1
                if counted[endpoint] <= MOST:
                    waiting.append(url)

    assert sorted(refused) == []
    assert len(seen) > 10


def offered(page):
    """Yield the method and the address of each link and button of the back office on a page."""
    for link in page.html.find_all("a", href=True):
        yield from _here(page, "GET", link["href"])
    for form in page.html.find_all("form"):
        own = form.get("action") or page.url
        yield from _here(page, form.get("method", "get").upper(), own)
        for button in form.find_all("button"):
            method = button.get("formmethod") or form.get("method", "get")
            yield from _here(page, method.upper(), button.get("formaction") or own)


def _here(page, method, href):
    parts = urlsplit(urljoin(page.url, href))
    is_ours = method in {"GET", "POST"}  # a dialog's form is sent nowhere
    if is_ours and f"{parts.path}/".startswith("/staff/"):
        yield method, parts.path + (f"?{parts.query}" if parts.query else "")


def endpoint_of(app, method, url):
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(url).path, method=method)
    except HTTPException:
        pytest.fail(f"{method} {url} is no address")
    return endpoint
