"""Support's morning: what waits is answered, a customer is helped, a part of money goes back."""

import re

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from models import (
    Article,
    Comment,
    CustomerNote,
    Fulfilment,
    Job,
    Mail,
    Order,
    Return,
    ReturnLine,
    Role,
)
from storefront.database import Sessions, make_engine
from storefront.mail.letters import Letters
from storefront.site import read
from storefront.staff.orders.parcels import ship
from storefront.staff.orders.queries import order as order_by_number
from tests.factories import PASSWORD, make_paid_order, make_staff
from tests.walks.conftest import LiveShop
from tests.walks.test_manager import signs_in, time_passes
from tests.walks.test_walk import Walk, mail_arrives

REFUSED = "MailRefusedError: the server refused the recipient: [550]"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_support_answers_helps_and_gives_money_back(live_shop: LiveShop, chromium: Browser):
    engine = make_engine(live_shop.settings.database_url)
    sessions = Sessions(engine)
    with sessions.write() as session:
        email = make_staff(session, role=Role.SUPPORT).email
        number = waits(session, live_shop)
    staff = window(live_shop, chromium)

    signs_in(staff, email)
    answers_all_that_waits(staff, number)
    finds_the_customer(staff, number)
    mends_the_mail(staff, number)
    draft = writes_an_order(staff)
    pays(window(live_shop, chromium), link_in_mail(sessions))
    time_passes(sessions)
    gives_a_part_back(staff, draft)
    is_offered_nothing_else(staff, number)

    staff.page.context.close()
    with sessions.read() as session:
        assert session.scalars(select(CustomerNote.text)).one() == "Rings before she orders."
        assert session.scalars(select(Order.status).filter_by(number=draft)).one() == "paid"
    engine.dispose()
    assert "adds up" in live_shop.flask("verify")


def window(shop: LiveShop, chromium: Browser) -> Walk:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    return Walk(shop, context.new_page(), has_javascript=True)


def goes(walk: Walk, name: str) -> None:
    """Follow a link to a page that is looked at elsewhere."""
    walk.page.locator("main").get_by_role("link", name=name).first.click()


def waits(session, shop: LiveShop) -> str:
    """Plant a question, spam, a return of Ada's order and the mail to her that failed."""
    order = make_paid_order(session, email="ada@mistyped.example")
    order.name = "Ada Lovelace"
    session.commit()
    order, letters = order_by_number(session, order.number), Letters(shop.settings, read())
    ship(session, order, Fulfilment(actor="test"), letters.told_to(lambda *_: True))
    below = {"article_id": session.scalars(select(Article.id).limit(1)).one()}
    back = [ReturnLine(order_line_id=order.lines[0].id, quantity=1)]
    session.add_all(
        [
            Comment(name="Mary", text="How often?", email="mary@example.org", **below),
            Comment(name="Spammer", text="Cheap pills", email="x@example.org", **below),
            Return(order_id=order.id, actor="customer", note="Too hard", lines=back),
        ]
    )
    letters.paid(session, order)
    failed = update(Job).where(Job.kind == "send-mail")
    session.execute(failed.values(is_dead=True, attempts=12, error=REFUSED))
    session.commit()
    return order.number


def answers_all_that_waits(walk: Walk, number: str) -> None:
    for words in ("2 comments wait to be read", "1 open return", "1 mail did not arrive"):
        expect(walk.page.get_by_role("link", name=words)).to_be_visible()
    walk.link("All that waits for an answer")
    walk.link("Mary")
    walk.page.get_by_role("textbox", name="Answer").fill("Two minutes a day are enough.")
    walk.click("button", "Publish with this answer")
    walk.says("The answer is published, and mailed to who asked.")
    goes(walk, "Spammer")
    walk.click("button", "Spam", exact=True)
    walk.says("The comment is marked as spam.")
    walk.link(f"Order {number}")
    walk.click("button", "Accept")
    walk.says("The return is accepted. The buyer gets a mail.")
    walk.says("Nothing waits for you.")


def finds_the_customer(walk: Walk, number: str) -> None:
    walk.page.keyboard.press("Control+k")
    walk.page.keyboard.type("lovel")
    palette = walk.page.get_by_role("dialog", name="Go to")
    palette.get_by_role("option", name="Ada Lovelace").click()
    expect(walk.page.get_by_role("heading", name="Ada Lovelace", level=1)).to_be_visible()
    walk.look()
    walk.page.get_by_label("Note", exact=True).fill("Rings before she orders.")
    walk.click("button", "Save", exact=True)
    walk.says("Rings before she orders.")
    goes(walk, number)


def mends_the_mail(walk: Walk, number: str) -> None:
    """See why a mail failed, correct the address that she mistyped, and send it there."""
    walk.page.goto(walk.shop.base + "/staff")
    walk.link("1 mail did not arrive")
    walk.link(f"Order {number}: thank you")
    walk.says("The server refused the recipient: [550]. Look whether the address is right.")
    goes(walk, "order's page")
    walk.page.get_by_text("Correct the email address").click()
    walk.page.get_by_label("Email", exact=True).fill("ada@example.org")
    walk.look()
    walk.click("button", "Save the address")
    walk.says(f"Mails about {number} go to ada@example.org now.")
    goes(walk, f"Order {number}: thank you")
    walk.click("button", "Send again to ada@example.org")
    walk.says("goes to ada@example.org once more.")
    mail_arrives(walk, f"{number}: thank you")


def writes_an_order(walk: Walk) -> str:
    walk.click("link", "Drafts", exact=True)
    walk.link("Write an order")
    walk.page.get_by_label("SKU of line 1").fill("QLC-PINE")
    walk.page.get_by_label("Email", exact=True).fill("mary@example.org")
    walk.click("button", "Save", exact=True)
    heading = walk.page.get_by_role("heading", name="Draft QL-", level=1)
    number = heading.inner_text().removeprefix("Draft").strip()
    walk.look()
    walk.click("button", "Send pay link")
    walk.says(f"The link to pay {number} is on its way to mary@example.org.")
    return number


def link_in_mail(sessions: Sessions) -> str:
    with sessions.read() as session:
        text = session.scalars(select(Mail.text).filter_by(template="order_draft")).one()
    return re.search(r"/orders/\S+", text)[0]


def pays(walk: Walk, link: str) -> None:
    walk.open(link)
    walk.click("button", "Pay now")
    walk.page.get_by_label("Card number").fill("4242 4242 4242 4242")
    walk.page.get_by_label("Expiry").fill("12 / 34")
    walk.page.get_by_label("CVC").fill("123")
    walk.click("button", "Pay")
    walk.page.wait_for_url("**/orders/**")
    walk.says("Your payment has arrived")
    walk.page.context.close()


def gives_a_part_back(walk: Walk, number: str) -> None:
    walk.page.goto(f"{walk.shop.base}/staff/orders/{number}")
    walk.page.get_by_label("Amount", exact=True).fill("10.00")
    walk.page.get_by_label("Reason").fill("A scratch")
    walk.click("button", "Refund", exact=True)
    walk.says("Is it you?")
    walk.look()
    walk.page.get_by_label("Password").fill(PASSWORD)
    walk.click("button", "Go on", exact=True)
    walk.says("$10.00")
    expect(walk.page.get_by_role("region", name="Money", exact=True)).to_contain_text("$85.90")


def is_offered_nothing_else(walk: Walk, number: str) -> None:
    menu = walk.page.get_by_role("navigation", name="Main")
    for name in ("Products", "Reports", "Exports", "Staff", "Audit log"):
        expect(menu.get_by_role("link", name=name, exact=True)).to_have_count(0)
    for act in ("Mark as shipped", "Receive the return", "Correct tracking"):
        expect(walk.page.locator("main").get_by_text(act)).to_have_count(0)
    for address in ("/staff/products", "/staff/people", "/staff/exports"):
        assert walk.page.goto(walk.shop.base + address).status == 403
    goes(walk, "Today")
