"""Whatever is typed into an address or a form, the shop answers and does not crash."""

import random
import re

import pytest
from sqlalchemy import select

from models import Variant
from tests.factories import PASSWORD, make_paid_order, make_staff

ODD = [
    *("", "0", "-1", "1", "2", "1e9", "٣", "１", "2147483648", "9" * 20, "null", "NaN", "%00"),
    *("a" * 300, "a" * 5000, "é" * 200, "\x00", "\r\nX: y", "\U0001f9ff", "../../etc/passwd"),
    *("'", '"', "<script>", "{{7*7}}", "%s%s", "1;drop", "a@b.co", "ql-claw", "ql-muscle"),
    *("the-ql-blawg", "QLC-PINE"),
]
FIELDS = [
    *("id", "quantity", "email", "password", "name", "q", "page", "variant", "session_id"),
    *("token", "seen", "title", "summary", "body", "description", "reason", "tracking_number"),
    *("carrier", "status", "sort", "next", "confirm", "updated_at", "price", "note", "on_hand"),
    *("country", "region", "rate", "currency", "code", "redirect", "discount", "title", "kind"),
    *("percent", "amount", "starts", "ends", "max_uses", "countries", "rate-title", "rate-price"),
    *("comment", "homepage", "seconds", "picked", "act", "answer", "question", "position"),
    *(
        "comments",
        "product",
        "markdown",
        "attention",
        "is_demonstration",
        "body_markdown",
        "description_markdown",
    ),
]
DRAWS = 25


@pytest.mark.seeded
def test_no_address_and_no_form_makes_the_shop_crash(app, client, session):
    draw = random.Random(7)
    order = make_paid_order(session, variant=session.scalars(select(Variant)).first())
    odd = [*ODD, order.number, order.token]
    staff = app.test_client()
    email = make_staff(session).email
    assert (
        staff.post("/staff/login", data={"email": email, "password": PASSWORD}).status_code == 303
    )

    crashed = []
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"OPTIONS"}):
            for _ in range(DRAWS):
                path = re.sub("<[^>]+>", lambda _: draw.choice(odd) or "x", rule.rule)
                typed = {
                    name: draw.choice(odd) for name in draw.sample(FIELDS, draw.randint(0, 12))
                }
                sent = "query_string" if method in {"GET", "HEAD"} else "data"
                visitor = staff if path.startswith("/staff") else client
                status = visitor.open(path, method=method, **{sent: typed}).status_code
                if status >= 500:
                    crashed.append((method, path, typed, status))

    assert crashed == []
    assert app.test_cli_runner().invoke(args=["verify"]).output == "Everything adds up.\n"
