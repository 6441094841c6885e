"""Gift cards that are bought: in the cart, paid, issued once, and mailed on their day."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from models import Fulfilment, GiftCard, Job, Mail, Order, OrderStatus, Payment, Stock, now
from storefront.gift_cards.jobs import Mailing
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_discount, make_variant, make_zone
from tests.features.postbox import Postbox, free_port, mail_server, postman
from tests.gift_cards import cards, ledger, mails, make_gift_product
from tests.stripe import deliver, event_of, pay, session_id_of, session_of

CODE = re.compile(r"[2-9A-HJKMNP-TV-Z]{4}(?:-[2-9A-HJKMNP-TV-Z]{4}){3}")


def give(client, **typed):
    return visit(client, "/products/gift-card").submit("Add to cart", **typed)


def check_out(client, **typed):
    answer = visit(client, "/cart").submit("Check out", follow=False, **typed)
    assert answer.status == 303, answer.text
    return answer.location


def the_order(session):
    return session.scalars(select(Order).execution_options(populate_existing=True)).one()


def test_a_card_is_bought_without_stock_shipping_or_tax_and_mailed_to_whom_it_is_for(
    client, session, stand_in, worker
):
    make_gift_product(session, 5000)
    make_zone(session, "US")
    make_discount(session)

    page = give(
        client, recipient_name="Grace", recipient_email="Grace@Example.org", gift_text="For you"
    )
    cart = visit(client, "/cart")
    url = check_out(client)

    assert page.status == 200
    assert "For Grace, mailed at once" in cart.text
    assert "Ten off" not in cart.text
    assert "Shipping" not in cart.text
    asked = session_of(stand_in.base, url)
    assert asked["amount_total"] == 5000
    assert asked["shipping_address_collection"] is None
    assert session.scalars(select(GiftCard)).all() == []
    paid = pay(url)
    visit(client, paid.headers["Location"].removeprefix("http://localhost"))
    event = event_of(stand_in.base, "checkout.session.completed", session_id_of(url))
    assert deliver(client, event).status_code == 200  # told twice, issued once
    order, (card,) = the_order(session), cards(session)
    assert order.status is OrderStatus.SHIPPED
    assert session.scalars(select(Fulfilment.carrier)).all() == ["E-mail"]
    assert session.scalars(select(Stock)).all() == []
    assert (card.balance_minor, card.amount.minor, card.recipient_email) == (
        *(5000, 5000),
        "grace@example.org",
    )
    assert ledger(session, card.id) == [("issued", 5000)]
    assert problems(session) == []


def test_the_mail_carries_the_code_and_the_shop_forgets_it(client, session, worker):
    make_gift_product(session, 5000)
    give(client, recipient_email="grace@example.org", gift_text="For you")
    pay(check_out(client))
    visit(client, f"/checkout/return?session_id={_session_of(session)}")

    worker.work_off()

    (mail,), (card,) = mails(session), cards(session)
    assert mail.recipient == "grace@example.org"
    assert "For you" in mail.text
    code = CODE.search(mail.text)[0]
    assert card.code_sealed is None
    assert card.mailed_at is not None
    assert code.endswith(card.last4)
    shown = visit(client, "/gift-cards").submit("See what is left", code=f" {code.lower()} ")
    assert "$50.00 of $50.00 are left" in shown.text
    assert problems(session) == []


def test_the_code_waits_for_its_day_in_the_shops_zone(client, session, settings, worker):
    make_gift_product(session, 5000)
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    day = today + timedelta(days=40)

    give(client, recipient_email="grace@example.org", send_on=day.isoformat())
    pay(check_out(client))
    visit(client, f"/checkout/return?session_id={_session_of(session)}")
    worker.work_off()

    (card,) = cards(session)
    assert mails(session) == []
    assert card.code_sealed is not None
    local = card.send_at.astimezone(ZoneInfo(settings.timezone))
    assert (local.date(), local.hour) == (day, 8)
    session.execute(update(GiftCard).values(send_at=now()))
    session.execute(update(Job).where(Job.kind == "mail-gift-card").values(run_at=now()))
    worker.work_off()
    assert [mail.recipient for mail in mails(session)] == ["grace@example.org"]


def _session_of(session):
    return session.scalars(select(Payment.session_id)).one()


def test_a_card_for_nobody_goes_to_who_buys_it_and_each_unit_has_its_own_code(
    client, session, worker
):
    make_gift_product(session, 5000)
    make_variant(session, sku="TOOL", on_hand=3)

    give(client, quantity=2)
    give(client, recipient_name="Grace", recipient_email="grace@example.org")
    client.post(
        "/cart/add",
        data={"id": session.scalar(select(Stock.variant_id))},
        headers={"Origin": "http://localhost"},
    )
    assert "2 × Mailed to you" in visit(client, "/cart").text
    pay(check_out(client, email="buyer@example.org"))
    visit(client, f"/checkout/return?session_id={_session_of(session)}")
    worker.work_off()

    found = cards(session)
    assert [card.recipient_email for card in found] == [
        *["buyer@example.org"] * 2,
        "grace@example.org",
    ]
    assert len({card.code_digest for card in found}) == 3
    assert len(mails(session)) == 3
    assert the_order(session).status is OrderStatus.PAID  # the tool is still to ship
    assert problems(session) == []


def test_what_is_wrong_is_said_at_its_field_and_kept(client, session):
    make_gift_product(session, 5000)
    past, late = now().date() - timedelta(days=2), now().date() + timedelta(days=400)

    for typed, message in (
        ({"recipient_name": "Grace"}, "Enter the address that the code is mailed to"),
        ({"recipient_email": "no address"}, "Enter an email address"),
        ({"gift_text": "x" * 301}, "at most 300 characters"),
        ({"send_on": past.isoformat()}, "at most a year ahead"),
        ({"send_on": late.isoformat()}, "at most a year ahead"),
        ({"send_on": "soon"}, "at most a year ahead"),
        ({"recipient_name": "x" * 500}, "at most 120 characters"),
    ):
        page = give(client, **typed)
        assert page.status == 422, typed
        assert any(message in error for error in page.errors()), (typed, page.errors())
        assert page.html.find(attrs={"name": next(iter(typed))}) is not None
    assert "Your cart is empty" in visit(client, "/cart").text


def test_no_clear_code_is_ever_in_the_database_where_a_server_sends(app, client, session, settings):
    make_gift_product(session, 5000)
    give(client, recipient_email="grace@example.org")
    pay(check_out(client))
    visit(client, f"/checkout/return?session_id={_session_of(session)}")
    sessions, job = app.extensions["sessions"], Mailing(app.extensions["letters"])
    with sessions.write.begin() as writing:
        job.mail(sessions, {"card_id": cards(session)[0].id})(writing)
    postbox, port = Postbox(), free_port()
    with mail_server(postbox, port):
        postman(app, settings, port).work_off()

    letters = [it for it in postbox.letters if it[1] == ["grace@example.org"]]
    ((_, _, message),) = letters
    plain = next(message.iter_parts()).get_content()
    code = CODE.search(plain)[0]
    (mail,), (card,) = mails(session), cards(session)
    assert code not in mail.text
    assert code not in mail.html
    assert card.code_sealed is None
    assert card.code_digest != code
    assert session.scalars(select(Mail.id).where(Mail.text.contains(code))).all() == []
