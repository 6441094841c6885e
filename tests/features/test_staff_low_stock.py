"""Low stock: a mark for each variant, and one mail when it comes down to it."""

import pytest
from sqlalchemy import select

from models import Job, Mail, Product, ProductStatus, Role, Variant
from models.inventory import adjust
from storefront.jobs.worker import Worker
from tests.browser import Page, visit
from tests.factories import make_bundle, make_product, make_staff, make_variant
from tests.staff import rows, sign_in


@pytest.fixture
def tool(session):
    product = make_product(session, title="The tool")
    return make_variant(session, product=product, sku="TOOL-RED", on_hand=5, low_at=3)


def tell(app, session):
    """Do the periodic job; return who was sent which mail about low stock by it."""
    number = len(session.scalars(select(Job.id)).all())
    before = set(session.scalars(select(Mail.id)))
    session.add(Job(kind="tell-low-stock", key=f"tell:{number}", payload={}))
    session.commit()
    handlers = app.extensions["handlers"] | {"send-mail": lambda *_: lambda _: None}
    Worker(app.extensions["sessions"], handlers).work_off()
    found = session.scalars(select(Mail).where(Mail.id.not_in(before)).order_by(Mail.id)).all()
    session.rollback()
    return found


def take(session, variant, units):
    adjust(session, variant.id, -units, reason="Sold by hand", actor="test")
    session.commit()


def mark_of(session, sku):
    session.rollback()
    return session.scalar(select(Variant.low_at).where(Variant.sku == sku))


def test_those_who_can_refill_are_told_once_when_a_variant_comes_down_to_its_mark(
    app, session, tool
):
    people = [make_staff(session, role=role).email for role in Role]
    make_staff(session, is_active=False)
    assert tell(app, session) == []
    take(session, tool, 2)

    mails = tell(app, session)

    assert [mail.recipient for mail in mails] == people[:3]  # owner, manager, fulfilment
    assert {mail.subject for mail in mails} == {"1 variant runs low"}
    assert "TOOL-RED, The tool, Red: 3 available, mark 3" in mails[0].text
    assert "/staff/inventory?show=short&status=active" in mails[0].text
    take(session, tool, 1)
    assert tell(app, session) == []


def test_they_are_told_again_only_after_it_was_refilled(app, session, tool):
    make_staff(session)
    take(session, tool, 3)
    assert len(tell(app, session)) == 1
    take(session, tool, -1)  # to the mark, not above it
    take(session, tool, 1)
    assert tell(app, session) == []

    take(session, tool, -2)  # 4
    assert tell(app, session) == []
    take(session, tool, 4)

    assert "0 available" in tell(app, session)[0].text


def test_one_mail_tells_of_all_and_not_of_what_is_not_sold(app, session, tool):
    make_staff(session)
    hidden = make_product(session, status=ProductStatus.DRAFT)
    product = session.get_one(Product, tool.product_id)
    make_variant(session, product=hidden, sku="HIDDEN", on_hand=0, low_at=3)
    make_variant(session, product=product, sku="NEVER", options=("Blue",), on_hand=0)
    for number in range(60):
        options = (str(number),)
        make_variant(session, product=product, options=options, on_hand=0, low_at=0)

    (mail,) = tell(app, session)

    assert mail.subject == "60 variants run low"
    assert mail.text.count("mark 0") == 50
    assert "And 10 more." in mail.text
    assert "HIDDEN" not in mail.text + mail.html
    assert "NEVER" not in mail.text


def test_a_mark_is_set_on_the_variants_page(client, session, tool):
    sign_in(client, session, Role.FULFILMENT)

    page = visit(client, "/staff/inventory/TOOL-RED").submit("Save", low_at="4")

    assert "TOOL-RED: low at 4." in page.text
    assert page.main.find(id="low_at")["value"] == "4"
    assert mark_of(session, "TOOL-RED") == 4
    page = page.submit("Save", low_at="")
    assert "TOOL-RED: never told of." in page.text
    assert mark_of(session, "TOOL-RED") is None


@pytest.mark.parametrize("typed", ["-1", "two", "1.5", "9999999", "٣", "a\0"])
def test_what_is_no_number_is_refused_as_a_mark(client, session, tool, typed):
    sign_in(client, session)

    page = visit(client, "/staff/inventory/TOOL-RED").submit("Save", low_at=typed)

    assert page.status == 422
    assert len(page.errors()) == 1
    assert mark_of(session, "TOOL-RED") == 3


def test_several_are_marked_at_once_on_the_list(client, session, tool):
    sign_in(client, session)
    make_variant(session, sku="A", on_hand=1)
    make_variant(session, sku="B", on_hand=1)

    data = {"skus": ["A", "TOOL-RED"], "low_at": "7", "query": "sort=-sku"}
    answer = client.post("/staff/inventory/marks", data=data)
    page = visit(client, answer.location)

    assert answer.location == "/staff/inventory?sort=-sku"
    assert "2 variants: low at 7." in page.text
    assert [(line[0], line[-1]) for line in rows(page)] == [
        ("TOOL-RED", "7"),
        ("B", "–"),
        ("A", "7"),
    ]


def test_nothing_is_marked_where_none_is_ticked_or_the_number_is_wrong(client, session, tool):
    sign_in(client, session)
    page = visit(client, "/staff/inventory")

    none = Page(client, client.post("/staff/inventory/marks", data={"low_at": "7"}), page.url)
    wrong = page.submit("Set for the ticked", skus="TOOL-RED", low_at="many")

    assert (none.status, wrong.status) == (422, 422)
    assert none.errors() == ["Choose a variant first."]
    assert wrong.main.find(id="low_at")["value"] == "many"
    assert wrong.main.find("input", value="TOOL-RED").has_attr("checked")
    assert mark_of(session, "TOOL-RED") == 3


def test_a_bundle_has_no_mark(client, session, tool):
    sign_in(client, session)
    make_bundle(session, {tool: 1}, sku="SET")

    answer = client.post("/staff/inventory/marks", data={"skus": ["SET", "TOOL-RED"], "low_at": 1})

    assert answer.status_code == 422
    assert "This is a bundle" in answer.text
    assert mark_of(session, "TOOL-RED") == 3
    assert mark_of(session, "SET") is None


def test_who_may_only_see_stock_sees_the_mark_and_no_form(client, session, tool):
    sign_in(client, session, Role.SUPPORT)

    page = visit(client, "/staff/inventory")

    assert rows(page)[0][-1] == "3"
    assert page.main.find("form", id="marks") is None
    data = {"skus": "TOOL-RED", "low_at": "1"}
    assert client.post("/staff/inventory/marks", data=data).status_code == 403
    assert client.post("/staff/inventory/TOOL-RED/mark", data=data).status_code == 403
