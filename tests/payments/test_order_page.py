"""What the buyer reads of her money on her order's page, and in the mail about it."""

import pytest
from sqlalchemy import select, update

from models import Discount, DiscountKind, Mail, Money, Order, Payment, ShippingRate, ShippingZone
from models.shipping import ZoneCountry
from storefront.payments.outcome import cancel
from tests.browser import visit
from tests.features.test_checkout import the_order
from tests.payments.steps import order, refund_at_stripe, sold, told
from tests.payments.test_refunds_at_stripe import FAILS, PENDING, ask
from tests.stripe import pay


def page_of(client, session):
    found = the_order(session)
    return visit(client, f"/orders/{found.number}?token={found.token}")


def money_of(page):
    """How the payment stands, and the rows below *Your payment*, as they are read."""
    section = page.main.find("section", {"aria-labelledby": "money"})
    rows = section.select(".sums__row")
    words = [[" ".join(part.get_text(" ").split()) for part in row(["dt", "dd"])] for row in rows]
    return page.main.select_one(".order__state dd").get_text(), words


def to(name, country):
    return {"name": name, "line1": "1 Example Street", "city": "Berlin", "country": country}


def test_an_order_without_any_money_says_nothing_of_money(client, session, variant):
    order(client)

    assert page_of(client, session).main.find(id="money") is None


def test_a_paid_order_says_what_came(client, session, stand_in, variant):
    sold(client, stand_in)

    said, rows = money_of(page_of(client, session))

    assert said == "Paid"
    assert [(name.split(" on ")[0], amount) for name, amount in rows] == [("Paid", "$89.00")]


def test_the_country_it_ships_to_is_read_by_its_name(client, session, stand_in, variant):
    sold(client, stand_in)
    session.execute(update(Order).values(shipping_address=to("Ada <b>", "DE")))

    address = page_of(client, session).main.find("address")

    assert list(address.stripped_strings) == ["Ada <b>", "1 Example Street", "Berlin", "Germany"]


def test_refunds_are_listed_on_their_way_and_done_with_what_remains(
    app, client, session, stand_in, worker, variant
):
    url = sold(client, stand_in, PENDING)
    ask(app, session, 900)
    assert money_of(page_of(client, session))[1][1] == ["On its way back to you", "−$9.00"]
    worker.work_off()
    assert money_of(page_of(client, session))[1][1] == ["On its way back to you", "−$9.00"]
    stand_in.advance(11)
    told(client, stand_in, url, "refund.updated")

    said, rows = money_of(page_of(client, session))

    assert said == "Partly refunded"
    assert rows[1][0].startswith("Given back to you on ")
    assert (rows[1][1], rows[2]) == ("−$9.00", ["Remains paid", "$80.00"])


def test_money_that_came_too_late_is_said_to_go_back_and_never_that_nothing_was_charged(
    client, session, stand_in, worker, variant
):
    url = order(client)
    assert cancel(session, the_order(session), actor="test", note="ended")
    session.flush()
    assert "Nothing was charged." in page_of(client, session).text
    pay(url)
    told(client, stand_in, url, "checkout.session.completed")

    for _ in range(2):  # on its way, and done
        page = page_of(client, session)
        assert "Your payment came after this order had ended" in page.text
        assert "Nothing was charged" not in page.text
        assert money_of(page)[0] == "Refunded"
        worker.work_off()
    mail = session.scalars(select(Mail)).one()
    assert mail.subject == f"Order {the_order(session).number}: $89.00 is on its way back to you"
    assert "after the order had ended" in " ".join(mail.text.split())
    assert "Nothing is on its way to you." in mail.html


def test_an_order_that_staff_cancelled_says_so(app, client, session, stand_in, worker, variant):
    sold(client, stand_in)
    ask(app, session, 8900, cancel=True)
    worker.work_off()

    page = page_of(client, session)

    assert "This order was cancelled, and your money goes back to you." in page.text
    assert "Nothing was charged" not in page.text
    assert [name for name, _ in money_of(page)[1] if name.startswith("Remains")] == []
    assert money_of(page)[1][-1][1] == "−$89.00"
    mail = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert "We give $89.00 of your payment back to you." in mail.text


def test_a_paid_order_of_which_all_goes_back_does_not_promise_a_parcel(
    client, session, stand_in, variant
):
    url = sold(client, stand_in)
    refund_at_stripe(stand_in, url)
    told(client, stand_in, url, "charge.refunded")
    session.execute(update(Order).values(attention=None))

    page = page_of(client, session)

    assert "We give all of your payment back to you." in page.text
    assert "Next we pack your order" not in page.text


def test_a_refund_that_did_not_arrive_is_said_to_be_looked_after(
    app, client, session, stand_in, worker, variant
):
    url = sold(client, stand_in, FAILS)
    ask(app, session, 900)
    worker.work_off()
    stand_in.advance(11)
    told(client, stand_in, url, "refund.failed")

    said, rows = money_of(page_of(client, session))

    assert said == "Paid"
    assert rows[1] == ["Did not reach you: we write to you", "−$9.00"]
    assert rows[2] == ["Remains paid", "$89.00"]


def test_money_of_another_currency_is_shown_as_it_came(client, session, stand_in, variant):
    url = order(client)
    session.execute(update(Payment).values({"currency": "EUR"}))
    pay(url)
    told(client, stand_in, url, "checkout.session.completed")

    page = page_of(client, session)

    assert "We are checking this payment by hand" in page.text
    assert money_of(page)[1][0][1] == "$89.00"


@pytest.mark.parametrize("off", [100_000])
def test_the_sums_name_discount_shipping_and_total(client, session, stand_in, variant, off):
    session.add(Discount(title="Spring", kind=DiscountKind.PERCENTAGE, percent_ppm=off))
    rate = ShippingRate(title="Post", price=Money(495, "USD"))
    session.add(ShippingZone(title="Home", countries=[ZoneCountry(country="US")], rates=[rate]))
    session.flush()
    sold(client, stand_in)

    foot = page_of(client, session).main.find("tfoot")

    rows = [[" ".join(cell.get_text().split()) for cell in row(["td", "th"])] for row in foot("tr")]
    assert rows == [
        ["Items", "$89.00"],
        ["Spring", "-$8.90"],
        ["Shipping, Post", "$4.95"],
        ["Total", "$85.05"],
    ]
