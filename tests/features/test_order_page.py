"""The order's page: found by number and address, in words, and where one asks."""

import pytest
from sqlalchemy import select

from models import AttemptCount, Mail, OrderQuestion, OrderStatus, Role
from tests.browser import visit
from tests.factories import make_paid_order
from tests.staff import counted_statements, sign_in

NOT_FOUND = "No order has this number and this address."


def page_of(client, order):
    return visit(client, f"/orders/{order.number}?token={order.token}")


def find(client, number, email):
    return visit(client, "/orders").submit("Find my order", number=number, email=email)


def questions(session):
    session.rollback()
    found = session.scalars(select(OrderQuestion).order_by(OrderQuestion.id)).all()
    rows = [(it.order_id, it.text, it.answer) for it in found]
    session.rollback()
    return rows


def test_an_order_is_found_by_its_number_and_address_however_they_are_typed(client, session):
    order = make_paid_order(session, email="ada@example.com")

    for number in (order.number, f" #{order.number.lower()} ", order.number[3:]):
        page = find(client, number, "ADA@example.com")
        assert page.heading == f"Order {order.number}"
        assert page.url.endswith(f"token={order.token}")


def test_what_does_not_go_together_is_answered_alike(client, session):
    order = make_paid_order(session, email="ada@example.com")
    other = make_paid_order(session, email="eve@example.com")
    drafted = make_paid_order(session, email="ada@example.com")
    drafted.status = OrderStatus.DRAFT
    nobodys = make_paid_order(session)
    nobodys.email = None
    session.commit()
    texts = set()

    for number, email in (
        (order.number, "eve@example.com"),
        (other.number, "ada@example.com"),
        ("QL-00000000", "ada@example.com"),
        (drafted.number, "ada@example.com"),
        (nobodys.number, "nobody@invalid.com"),
    ):
        with counted_statements(client.application) as seen:
            page = find(client, number, email)
        assert page.status == 422
        assert NOT_FOUND in page.text
        assert page.html.find(id="number")["value"] == number
        texts.add((page.text.replace(number, ""), len(seen)))
    assert len(texts) == 1


def test_tries_to_find_an_order_are_limited(client, session):
    order = make_paid_order(session, email="ada@example.com")
    for _ in range(10):
        assert find(client, order.number, "eve@example.com").status == 422

    page = find(client, order.number, "ada@example.com")

    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) > 0
    assert "Too many tries." in page.text
    counted = session.scalars(select(AttemptCount.count).filter_by(scope="find-order")).all()
    assert counted == [11, 11]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"number": "", "email": "a@example.com"}, 1),
        ({"number": "QL-1", "email": "x"}, 1),
        ({"number": "Q" * 500, "email": "a" * 100_000}, 2),
        ({"number": "a\x00", "email": "=cmd()"}, 2),
        ({"number": "😀محمد", "email": "ada@example.com"}, 0),
    ],
)
def test_odd_input_finds_nothing_and_says_where_it_is_wrong(client, typed, errors):
    page = find(client, **typed)

    assert page.status == 422
    assert len(page.errors()) == errors


def test_the_page_says_how_money_and_goods_stand(client, session):
    order = make_paid_order(session)

    page = page_of(client, order)

    assert "Payment Paid Goods To be packed" in page.text
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.response.headers


def test_a_question_goes_to_staff_and_its_answer_comes_back_by_mail_and_on_the_page(
    client, session
):
    order = make_paid_order(session)
    text = "When <b>does</b> it ship?\n\n=cmd() محمد"
    page = page_of(client, order)

    done = page.submit("Send the question", text=text)
    page.submit("Send the question", text=text)  # a second click

    assert "Thank you. We answer here and by mail." in done.text
    assert "It waits for our answer." in done.text
    assert questions(session) == [(order.id, text, "")]
    sign_in(client, session, Role.SUPPORT)
    queue = visit(client, "/staff/messages")
    assert "When <b>does</b> it ship?" in queue.text
    desk = visit(client, "/staff/order-questions/1")
    assert desk.submit("Send the answer", answer=" ").errors() == ["Write the answer."]
    sent = desk.submit("Send the answer", answer="Tomorrow.")
    assert "The answer is sent." in sent.text
    late = desk.submit("Send the answer", answer="Never.")
    assert late.status == 409
    assert "Never." in late.text
    assert questions(session) == [(order.id, text, "Tomorrow.")]
    assert "Tomorrow." in page_of(client, order).text
    assert "When" not in visit(client, "/staff/messages?kind=order").text
    (mail,) = session.scalars(select(Mail).filter_by(template="order_answered"))
    assert (mail.recipient, "Tomorrow." in mail.text) == (order.email, True)
    assert "<b>does</b>" not in mail.html


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": " "}, "Write your question."),
        ({"text": "x" * 2001}, "Shorten it to 2,000 characters."),
        ({"text": "http://a " * 6}, "Use at most 5 links."),
        ({"text": "a\x00b"}, "Remove the characters that cannot be read."),
        ({"text": "Hm?", "key": "x"}, "The form was not complete. Send it again."),
    ],
)
def test_a_question_with_a_mistake_is_not_sent(client, session, typed, message):
    order = make_paid_order(session)

    page = page_of(client, order).submit("Send the question", **typed)

    assert (page.status, page.errors()) == (422, [message])
    assert page.html.find(id="text").get_text().strip() == typed["text"].strip()
    assert questions(session) == []


def test_a_sixth_open_question_waits_for_the_answers(client, session):
    order = make_paid_order(session)
    for number in range(5):
        page_of(client, order).submit("Send the question", text=f"Question {number}?")

    page = page_of(client, order).submit("Send the question", text="Sixth?")

    assert page.status == 429
    assert "Several of your questions still wait" in page.errors()[0]
    assert len(questions(session)) == 5


def test_without_the_secret_nothing_is_asked_or_seen(client, session):
    order, other = make_paid_order(session), make_paid_order(session)

    for token in ("", "x", other.token, "ü"):
        address = f"/orders/{order.number}"
        assert client.get(address, query_string={"token": token}).status_code == 404
        sent = {"token": token, "text": "Hm?", "key": "0" * 32}
        headers = {"Origin": "http://localhost"}
        assert client.post(f"{address}/questions", data=sent, headers=headers).status_code == 404
    assert questions(session) == []
