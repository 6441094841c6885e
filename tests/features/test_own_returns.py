"""A buyer sends something back by herself: asked, decided, sent, received, exchanged, withdrawn."""

import io

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import FileStorage

from models import (
    Fulfilment,
    Mail,
    Order,
    OrderLine,
    Return,
    ReturnLine,
    Role,
    SentPicture,
    ShopSetting,
    Stock,
    now,
)
from tests import pictures
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.refunding import buy
from tests.features.test_staff_parcels import ship
from tests.pictures import upload
from tests.staff import sign_in

pytestmark = pytest.mark.usefixtures("adds_up")

ORIGIN = {"Origin": "http://localhost"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


@pytest.fixture
def variants(session):
    product = make_product(session, handle="tool", title="The tool")
    red = make_variant(session, product=product, on_hand=10, sku="RED")
    blue = make_variant(session, product=product, on_hand=1, sku="BLUE", options=("Blue",))
    make_variant(session, product=product, on_hand=5, sku="DEAR", options=("Gold",), price_minor=1)
    make_variant(session, product=product, on_hand=0, sku="GONE", options=("Grey",))
    return red, blue


@pytest.fixture
def order(client, session, variants):
    """An order of two red tools, both of which have left."""
    found = buy(client, session, 2)
    sign_in(client, session)
    ship(client, found)
    return found


def page_of(client, order):
    return visit(client, f"/orders/{order.number}?token={order.token}")


def form_of(client, order):
    return page_of(client, order).follow("Send something back")


def fields(session, order, units=1, reason="fit", wish=""):
    line_id = session.scalars(select(OrderLine.id).filter_by(order_id=order.id)).one()
    session.rollback()
    named = {"units": units, "reason": reason, "wish": wish}
    return {f"line-{line_id}-{name}": value for name, value in named.items()}


def ask(client, session, order, **typed):
    return form_of(client, order).submit("Ask to send it back", **fields(session, order, **typed))


def at_the_desk(client, session):
    found = session.scalars(select(Return.id).order_by(Return.id.desc())).first()
    session.rollback()
    return visit(client, f"/staff/returns/{found}")


def standing(session):
    session.rollback()
    found = session.execute(
        select(Return.status, ReturnLine.quantity, ReturnLine.reason)
        .join(ReturnLine, ReturnLine.return_id == Return.id)
        .order_by(Return.id)
    ).all()
    session.rollback()
    return [(row[0].value, *row[1:]) for row in found]


def stock(session):
    session.rollback()
    found = session.execute(select(Stock.on_hand, Stock.reserved).order_by(Stock.variant_id))
    rows = [tuple(row) for row in found]
    session.rollback()
    return rows


def told(session):
    """Of which steps a mail was written, in their order."""
    session.rollback()
    found = session.scalars(select(Mail.key).filter_by(template="order_return").order_by(Mail.id))
    steps = [key.rpartition(":")[2] for key in found]
    session.rollback()
    return steps


def test_a_return_goes_from_the_wish_to_the_money_by_mails(app, client, session, order):
    page = form_of(client, order)
    assert page.text.index("The rules") < page.text.index("Reason")
    assert "Up to 2 can come back." in page.text

    page = page.submit(
        "Ask to send it back", **fields(session, order, units=2), words="Too <hard>\n=cmd()"
    )

    assert "Asked for: we look at it and write to you." in page.text
    assert "Too <hard>" in page.text
    assert standing(session) == [("requested", 2, "It does not suit my body")]
    assert "Too <hard>" in visit(client, "/staff/messages?kind=return").text
    desk = at_the_desk(client, session)
    assert "Too <hard>" in desk.text
    desk = desk.submit("Accept", answer="Send it to the shop's address.")
    page = page_of(client, order).follow("Return 1")
    assert "Accepted: send it back." in page.text
    assert "Send it to the shop's address." in page.text
    desk = desk.submit("Receive the return")
    assert "Withdraw" not in page_of(client, order).follow("Return 1").text
    desk.follow("Give the money back").submit("Refund", restock="")

    assert "Return 1 : Done" in page_of(client, order).text
    assert told(session) == ["requested", "accepted", "received"]
    assert session.scalars(select(Mail.id).filter_by(template="order_refunded")).all()
    session.rollback()


def test_two_clicks_are_one_return_and_one_mail(client, session, order):
    page, typed = form_of(client, order), fields(session, order)

    first = page.submit("Ask to send it back", **typed)
    second = page.submit("Ask to send it back", **typed)

    assert first.heading == second.heading == "Return 1"
    assert standing(session) == [("requested", 1, "It does not suit my body")]
    assert told(session) == ["requested"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"units": "0"}, "Choose at least one unit to send back."),
        ({"units": "3"}, "Enter a whole number from 0 to 2."),
        ({"units": "-1"}, "Enter a whole number from 0 to 2."),
        ({"reason": ""}, "Choose a reason from the list."),
        ({"reason": "forged"}, "Choose a reason from the list."),
        ({"wish": "99999"}, "Choose from the list."),
        ({"wish": "x"}, "Choose from the list."),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_kept(
    client, session, order, typed, message
):
    sent = {**fields(session, order, **typed), "words": "kept"}

    page = form_of(client, order).submit("Ask to send it back", **sent)

    assert (page.status, page.errors()) == (422, [message])
    assert page.html.find(id="words").get_text().strip() == "kept"
    assert standing(session) == []


def test_pictures_come_along_and_only_who_may_sees_them(app, client, session, order):
    typed = fields(session, order)
    page = form_of(client, order)
    key = page.html.find("input", {"name": "key"})["value"]
    shot = FileStorage(io.BytesIO(pictures.from_a_phone()), "claw.jpg", "pictures", "image/jpeg")

    sent = {"token": order.token, "key": key, **typed}
    page = upload(client, to=f"/orders/{order.number}/returns", pictures=shot, **sent)

    image = page.main.find("img")["src"]
    shown = client.get(image)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert client.get(image.split("?")[0]).status_code == 404
    stored = session.scalars(select(SentPicture)).one()
    session.rollback()
    assert client.get(f"/sent-pictures/{stored.key}-large.webp").status_code == 404
    desk = at_the_desk(client, session)
    assert client.get(desk.main.find("img")["src"]).status_code == 200
    other = buy(client, session, 1)
    elsewhere = f"/orders/{other.number}/pictures/{stored.key}-large.webp?token={other.token}"
    assert client.get(elsewhere).status_code == 404
    client.delete_cookie("staff", path="/staff")
    assert client.get(desk.main.find("img")["src"]).status_code == 303


def test_a_script_is_no_picture_and_nothing_is_kept(app, client, session, order):
    before = pictures.kept(app.extensions["storage"])
    typed = fields(session, order)
    bad = FileStorage(io.BytesIO(b"<script>alert(1)</script>"), "a.png", "pictures", "image/png")
    sent = {"token": order.token, "key": "0" * 32, "words": "kept", **typed}

    page = upload(client, to=f"/orders/{order.number}/returns", pictures=bad, **sent)

    assert page.status == 422
    assert page.errors() == [
        "a.png: It is no JPEG, PNG, WebP or AVIF, or it is broken. Choose another picture."
    ]
    assert page.html.find(id="words").get_text().strip() == "kept"
    assert standing(session) == []
    assert pictures.kept(app.extensions["storage"]) == before


def test_what_left_too_long_ago_cannot_be_sent_back_here(app, client, session, order):
    session.add(ShopSetting(name="return_days", value={"is": "30"}, actor="owner"))
    session.commit()
    app.extensions["present_shop"].has_changed()
    typed = fields(session, order)
    late = form_of(client, order)
    assert "within 30 days after the parcel left us" in late.text
    assert "What you choose in exchange is put aside for you for 30 days" in late.text
    session.execute(update(Fulfilment).values(created_at=now().replace(year=2020)))
    session.commit()

    assert late.submit("Ask to send it back", **typed).status == 409
    assert "the time has passed" in form_of(client, order).text
    assert standing(session) == []


def test_a_return_is_withdrawn_until_it_was_received(client, session, order):
    ask(client, session, order)
    page = page_of(client, order).follow("Return 1")

    done = page.submit("Withdraw this return")

    assert "Your return is withdrawn." in done.text
    assert standing(session)[0][0] == "withdrawn"
    assert page.submit("Withdraw this return").status == 409
    assert "Up to 2 can come back." in form_of(client, order).text
    assert told(session) == ["requested", "withdrawn"]
    ask(client, session, order)
    at_the_desk(client, session).submit("Accept").submit("Receive the return")
    late = client.post(
        f"/orders/{order.number}/returns/2/withdrawal",
        data={"token": order.token},
        headers=ORIGIN,
    )
    assert late.status_code == 409
    assert standing(session)[1][0] == "received"


def test_a_label_is_downloaded_by_the_orders_secret_alone(app, client, session, order):
    ask(client, session, order)
    desk = at_the_desk(client, session)
    desk = desk.submit("Accept")
    to = "/staff/returns/1/label"
    for content, name, message in (
        (
            b"<html>",
            "a.pdf",
            "It is no JPEG, PNG, WebP or AVIF, or it is broken. Choose another picture.",
        ),
        (PDF + b"0" * 6_000_000, "a.pdf", "It is larger than 5 MB."),
        (b"%PDF-1.4 <</OpenAction 1>>%%EOF", "a.pdf", "Something in this PDF runs"),
        (b"%PDF-1.4", "a.pdf", "It ends too early or is broken."),
        (PDF, "a.png", "It is a PDF, but its name says otherwise."),
        (b"", "", "Choose the label, as a PDF or a picture."),
    ):
        sent = FileStorage(io.BytesIO(content), name, "label", "application/pdf")
        page = upload(client, to=to, label=sent)
        assert page.status == 422, message
        assert message in page.errors()[0]
    assert session.scalars(select(Return.label_key)).one() is None
    session.rollback()

    page = upload(client, to=to, label=FileStorage(io.BytesIO(PDF), "a.pdf", "label"))

    assert "The label is there" in page.text
    own = page_of(client, order).follow("Return 1")
    got = client.get(own.link("Download the label"))
    assert (got.status_code, got.data, got.mimetype) == (200, PDF, "application/pdf")
    assert got.headers["Content-Disposition"] == 'attachment; filename="return-1.pdf"'
    assert got.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"/orders/{order.number}/returns/1/label").status_code == 404
    other = buy(client, session, 1)
    stolen = f"/orders/{other.number}/returns/1/label?token={other.token}"
    assert client.get(stolen).status_code == 404
    key = session.scalars(select(Return.label_key)).one()
    session.rollback()
    assert told(session) == ["requested", "accepted", key]


def test_an_exchange_is_set_aside_when_accepted_and_ships_when_the_return_is_here(
    client, session, order, variants
):
    order.language = "de"  # staff, who accept it, speak English
    session.commit()
    page = form_of(client, order)
    assert "Exchange it for Blue" in page.text
    assert "Gold" not in page.text  # costs otherwise
    assert "Grey" not in page.text  # is not there
    before = stock(session)

    ask(client, session, order, wish=variants[1].id)
    assert stock(session) == before
    desk = at_the_desk(client, session).submit("Accept")
    assert [it for it in stock(session) if it not in before] == [(1, 1)]
    letter = session.scalars(select(Mail.text).order_by(Mail.id.desc())).first()
    assert "ist 30 Tage lang" in letter  # codespell:ignore ist,tage
    own = page_of(client, order).follow("Return 1").follow("What you get in exchange")
    assert "It is put aside for you." in own.text
    assert "Pay now" not in own.text
    done = desk.submit("Receive the return")

    assert "Closed" in done.text
    made = session.scalars(select(Order).order_by(Order.id.desc())).first()
    assert (made.status, made.total.minor, made.language) == ("paid", 0, "de")
    session.rollback()
    assert "so this is what you get in exchange" in page_of(client, made).text
    ship(client, made)
    assert visit(client, f"/orders/{made.number}?token={made.token}").status == 200
    assert told(session) == ["requested", "accepted", "received"]


def test_an_exchange_that_is_withdrawn_or_not_complete_gives_its_unit_back(
    client, session, order, variants
):
    before = stock(session)
    ask(client, session, order, wish=variants[1].id)
    at_the_desk(client, session).submit("Accept")
    page_of(client, order).follow("Return 1").submit("Withdraw this return")
    assert stock(session) == before

    ask(client, session, order, units=2, wish=variants[1].id)
    refused = at_the_desk(client, session).submit("Accept")
    assert refused.status == 409
    assert "has sold out meanwhile" in refused.text
    refused.submit("Accept for money")
    assert standing(session)[1][0] == "accepted"
    assert stock(session) == before
    page_of(client, order).follow("Return 2").submit("Withdraw this return")

    session.execute(update(Stock).where(Stock.variant_id == variants[1].id).values(on_hand=1))
    session.commit()
    ask(client, session, order, wish=variants[1].id)
    desk = at_the_desk(client, session).submit("Accept")
    line_id = session.scalars(select(ReturnLine.id).order_by(ReturnLine.id.desc())).first()
    session.rollback()
    nothing = desk.submit("Receive the return", **{f"shelf-{line_id}-units": "0"})
    assert nothing.status == 422


def test_a_return_is_declined_with_words_and_in_one_mail(client, session, order):
    ask(client, session, order)
    desk = at_the_desk(client, session)

    assert desk.submit("Decline").errors() == ["Say why in a sentence: the buyer reads it."]
    desk.submit("Decline", answer="It was used.")

    page = page_of(client, order).follow("Return 1")
    assert "Declined." in page.text
    assert "It was used." in page.text
    mail = session.scalars(select(Mail.text).filter_by(template="order_return")).all()[-1]
    assert "It was used." in mail
    session.rollback()
    assert told(session) == ["requested", "declined"]


def test_anothers_return_is_not_found(client, session, order):
    ask(client, session, order)
    other = buy(client, session, 1)

    for path in ("", "/new", "/1", "/1/label", "/99", "/9999999999"):
        for token in ("", "x", other.token):
            got = client.get(f"/orders/{order.number}/returns{path}", query_string={"token": token})
            assert got.status_code in {404, 405}
        mine = client.get(
            f"/orders/{other.number}/returns{path}", query_string={"token": other.token}
        )
        assert mine.status_code in {404, 405} or path == "/new"
    for path in ("", "/1/withdrawal"):
        for number, token in ((order.number, other.token), (other.number, order.token)):
            sent = {"token": token}
            got = client.post(f"/orders/{number}/returns{path}", data=sent, headers=ORIGIN)
            assert got.status_code == 404
    sent = {"token": other.token}
    stolen = client.post(f"/orders/{other.number}/returns/1/withdrawal", data=sent, headers=ORIGIN)
    assert stolen.status_code == 404
    assert standing(session)[0][0] == "requested"


def test_who_may_not_decide_sees_a_return_and_no_buttons(client, session, order):
    ask(client, session, order)
    client.delete_cookie("staff", path="/staff")
    sign_in(client, session, Role.FULFILMENT)

    assert "Accept" not in at_the_desk(client, session).text
    got = client.post("/staff/returns/1/decision", data={"decision": "accept"}, headers=ORIGIN)
    assert got.status_code == 403
