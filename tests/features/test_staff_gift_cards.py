"""Gift cards in the back office: looked at, issued by hand, disabled, sent again, refunded."""

import json
import re

import pytest
from sqlalchemy import func, select, update

from models import AuditEntry, GiftCard, GiftCardMovement, Order, OrderLine, Refund, Role
from storefront.verify import problems
from tests.browser import visit
from tests.gift_cards import cards, ledger, mails, make_gift_card, make_gift_product
from tests.staff import sign_in
from tests.stripe import pay

CODE = re.compile(r"[2-9A-HJKMNP-TV-Z]{4}(?:-[2-9A-HJKMNP-TV-Z]{4}){3}")


def left_on(client, code):
    return visit(client, "/gift-cards").submit("See what is left", code=code)


def buy(client, session, quantity=1):
    make_gift_product(session, 5000)
    visit(client, "/products/gift-card").submit("Add to cart", quantity=quantity)
    url = visit(client, "/cart").submit("Check out", follow=False).location
    visit(client, pay(url).headers["Location"].removeprefix("http://localhost"))
    return session.scalars(select(Order).execution_options(populate_existing=True)).one()


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_a_manager_issues_a_card_whose_code_only_the_mail_has(client, session, worker, role):
    person = sign_in(client, session, role)

    wrong = visit(client, "/staff/gift-cards/new").submit("Issue", amount="0", message="Sorry")
    assert wrong.status == 422
    assert "Enter an amount above 0." in wrong.errors()
    assert wrong.html.find(id="message").get_text().strip() == "Sorry"
    assert cards(session) == []
    page = wrong.submit("Issue", amount="25.50", recipient_email="ada@example.org", reason="Late")

    (card,) = cards(session)
    assert "A gift card of $25.50 is issued" in page.response.get_data(as_text=True)
    worker.work_off()
    code = CODE.search(mails(session)[0].text)[0]
    assert code not in visit(client, f"/staff/gift-cards/{card.id}").text
    assert "$25.50 of $25.50 are left" in left_on(client, code).text
    assert ledger(session, card.id) == [("issued", 2550)]
    line = session.scalars(select(GiftCardMovement)).one()
    assert (line.actor, line.reason) == (person.email, "Late")
    entries = json.dumps([str(it.after) for it in session.scalars(select(AuditEntry))])
    assert "ada@example.org" in entries or session.scalar(select(func.count(AuditEntry.id)))
    assert card.code_digest not in entries
    assert problems(session) == []


def test_support_sees_cards_and_changes_none(client, session):
    card, _ = make_gift_card(session)
    sign_in(client, session, Role.SUPPORT)

    page = visit(client, f"/staff/gift-cards?q={card.last4}").follow(f"···· {card.last4}")

    assert "$50.00 of $50.00 are left" in page.text
    assert page.html.find("button", string="Disable") is None
    refused = client.post(
        f"/staff/gift-cards/{card.id}/disabling",
        data={"reason": "because"},
        headers={"Origin": "http://localhost"},
    )
    assert refused.status_code == 403
    assert cards(session)[0].disabled_at is None


def test_a_card_is_disabled_and_used_again_with_reasons(client, session):
    card, code = make_gift_card(session)
    sign_in(client, session)
    page = visit(client, f"/staff/gift-cards/{card.id}")

    assert page.submit("Disable", reason="x").status == 422
    stale = page
    page = page.submit("Disable", reason="Lost")
    assert left_on(client, code).status == 422
    assert stale.submit("Disable", reason="Lost").status == 409
    assert page.submit("Send a new code").status == 409
    page.submit("Enable", reason="Found")

    assert left_on(client, code).status == 200
    assert ledger(session, card.id) == [("issued", 5000), ("disabled", 0), ("enabled", 0)]
    assert problems(session) == []


def test_a_card_that_is_sent_again_has_a_new_code(client, session, worker):
    card, old = make_gift_card(session)
    sign_in(client, session)

    page = visit(client, f"/staff/gift-cards/{card.id}")
    page.submit("Send a new code", email="other@example.org")
    worker.work_off()

    (mail,) = mails(session)
    new = CODE.search(mail.text)[0]
    assert mail.recipient == "other@example.org"
    assert left_on(client, old).status == 422
    assert "$50.00 of $50.00 are left" in left_on(client, new).text


def test_a_refund_disables_unspent_cards_and_refuses_spent_ones(client, session, worker):
    order = buy(client, session, quantity=2)
    line = session.scalars(select(OrderLine)).one()
    sign_in(client, session)
    address = f"/staff/orders/{order.number}"
    units = {f"line-{line.id}-units": "1"}

    visit(client, address).submit("Refund", amount="50.00", reason="Changed", **units)

    first, second = cards(session)
    assert (first.disabled_at, second.disabled_at is None) == (None, False)
    session.execute(update(GiftCard).where(GiftCard.id == first.id).values(balance_minor=4000))
    page = visit(client, address).submit("Refund", amount="50.00", reason="Changed", **units)
    assert page.status == 409
    assert "A gift card among these has been spent from" in page.text
    assert session.scalar(select(func.count(Refund.id))) == 1
    session.execute(update(GiftCard).where(GiftCard.id == first.id).values(balance_minor=5000))
    worker.work_off()
    assert problems(session) == []


def test_a_product_of_this_kind_is_made_by_staff_and_sold(client, session):
    sign_in(client, session)
    page = visit(client, "/staff/products/new").submit(
        "Save", title="Gift card", handle="gift-card", sku="GIFT", price="25.00", kind="gift card"
    )
    page.submit("Save", status="active")

    client.delete_cookie("staff", path="/staff")
    visit(client, "/products/gift-card").submit("Add to cart", recipient_email="ada@example.org")

    assert "For ada@example.org, mailed at once" in visit(client, "/cart").text
    assert problems(session) == []


def test_who_is_forgotten_is_on_no_card_and_the_money_stays(client, session):
    card, code = make_gift_card(session)
    sign_in(client, session)
    from storefront.staff.customers.service import forget
    from storefront.staff.customers.takeout import everything

    kept = everything(session, "ada@example.com")["gift cards"]
    assert kept[0]["last4"] == card.last4
    assert "code_sealed" not in kept[0]
    forgotten = forget(session, "ada@example.com", "test")

    assert forgotten.erased["gift cards"] == 1
    assert cards(session)[0].recipient_email == ""
    assert left_on(client, code).status == 200
