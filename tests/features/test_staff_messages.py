"""One queue of what waits for an answer or a decision, for who may give it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Comment, Dispute, Payment, Question, Return, ReturnStatus, Role, now
from tests.browser import visit
from tests.factories import make_article, make_blog, make_paid_order, make_product
from tests.staff import counted_statements, rows, sign_in

INDEX = "/staff/messages"


def write_all(session, times=1):
    """Write one of each kind, the newest first, `times` times; return the first comment's id."""
    order = make_paid_order(session)
    blog = make_blog(session, f"blog-{order.number.lower()}")
    article = make_article(session, blog=blog)
    payment_id = session.scalars(select(Payment.id).filter_by(order_id=order.id)).one()
    about = {"email": "ada@example.org", "article_id": article.id}
    made = []
    for number in range(times):
        since = now() - timedelta(hours=number)
        comment = Comment(name="Ada", text="Does it hurt?", created_at=since, **about)
        made.append(comment)
        session.add_all(
            [
                comment,
                Return(
                    order_id=order.id, actor="x", note="Too hard", created_at=since - timedelta(1)
                ),
                Return(order_id=order.id, actor="x", status=ReturnStatus.ACCEPTED),
                Dispute(
                    dispute_id=f"dp_{order.number}_{number}",
                    payment_id=payment_id,
                    status="needs_response",
                    amount=order.total,
                    reason="product_not_received",
                    created_at=since - timedelta(2),
                ),
            ]
        )
    session.commit()
    return made[0].id


def test_the_oldest_comes_first_and_each_role_sees_what_it_may_answer(client, session):
    write_all(session)
    sign_in(client, session, Role.SUPPORT)

    assert [row[2] for row in rows(visit(client, INDEX))] == [
        "Dispute",
        "Return to decide on",
        "Comment to read",
    ]
    assert rows(visit(client, f"{INDEX}?kind=dispute"))[0][1] == "product not received"
    (line,) = rows(visit(client, f"{INDEX}?kind=comment"))
    assert line[:2] == ["Ada", "Does it hurt?"]
    assert "Comment to read (1)" in visit(client, INDEX).text
    for strange in ("parcel", "article", "%00"):
        assert visit(client, f"{INDEX}?kind={strange}").status == 404
    assert visit(client, "/staff").follow("All that waits for an answer").heading == "Messages"

    client.delete_cookie("staff", path="/staff")
    sign_in(client, session, Role.FULFILMENT)
    assert [row[2] for row in rows(visit(client, INDEX))] == ["Return to receive"]


def test_who_answers_comes_back_to_the_queue_until_it_is_empty(client, session):
    write_all(session)
    sign_in(client, session, Role.EDITOR)

    page = visit(client, f"{INDEX}?kind=comment").follow("Ada")
    wrong = page.submit("Publish with this answer", answer="")
    assert wrong.status == 422
    back = wrong.submit("Publish with this answer", answer="Only a little.")

    assert back.url.endswith(f"{INDEX}?kind=comment")
    assert "The answer is published" in back.text
    assert "Nothing waits for you." in back.text


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/cart", "/staff/../cart"]
)
def test_a_way_back_to_elsewhere_is_not_taken(client, session, elsewhere):
    comment_id = write_all(session)
    sign_in(client, session)

    page = visit(client, f"/staff/comments/{comment_id}?next={elsewhere}")
    assert page.submit("Spam", follow=False).location == "/staff/comments"


def test_a_question_without_an_answer_waits(client, session):
    session.add(Question(product_id=make_product(session).id, question="How long?", asked_by="Eve"))
    session.commit()
    sign_in(client, session, Role.EDITOR)

    (line,) = rows(visit(client, INDEX))
    assert line[:3] == ["Eve", "How long?", "Question to answer"]
    back = visit(client, INDEX).follow("Eve").submit("Save", answer="Five minutes.")
    assert "Nothing waits for you." in back.text


def test_its_pages_hold_each_thing_of_all_kinds_once_in_the_order_of_time(client, session):
    write_all(session, 60)
    sign_in(client, session)

    pages = [rows(visit(client, f"{INDEX}?page={number}")) for number in range(1, 7)]

    assert [len(page) for page in pages] == [50, 50, 50, 50, 40, 40]  # the last page twice
    kinds = [row[2] for page in pages[:5] for row in page]
    # One of each kind an hour; disputes began two days before comments, returns a day before.
    assert kinds[:24] == ["Dispute"] * 24
    assert kinds[24:72] == ["Dispute", "Return to decide on"] * 24
    assert kinds[72:108] == ["Dispute", "Return to decide on", "Comment to read"] * 12
    assert sorted(kinds) == sorted(
        ["Dispute", "Return to decide on", "Comment to read", "Return to receive"] * 60
    )
    assert kinds[180:] == ["Return to receive"] * 60


def test_many_ask_as_often_as_few(app, client, session):
    write_all(session)
    sign_in(client, session)
    visit(client, INDEX)
    with counted_statements(app) as few:
        visit(client, INDEX)
    write_all(session, 30)
    with counted_statements(app) as many:
        page = visit(client, INDEX)

    assert len(rows(page)) == 50
    assert len(many) == len(few)
