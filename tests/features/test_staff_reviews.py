"""Staff read reviews, decide on them and answer them; nobody decides on words unread."""

import pytest
from sqlalchemy import select

from models import Mail, Review, Role
from tests.browser import visit
from tests.factories import make_product
from tests.features.test_reviews import WORDS, form_of, reviews, shipped_order, typed_in
from tests.staff import rows, sign_in


@pytest.fixture
def order(session):
    return shipped_order(session, make_product(session, handle="tool", title="Tool"))


@pytest.fixture
def waiting(client, session, order):
    """A review as its buyer sent it, and a member of the support at her desk."""
    form_of(client, order).submit("Post review", **WORDS)
    sign_in(client, session, Role.SUPPORT)
    return reviews(session)[0]


def mails(session):
    session.expire_all()
    found = select(Mail).where(Mail.key.startswith("review_")).order_by(Mail.id)
    return list(session.scalars(found))


def page_of(client, review):
    return visit(client, f"/staff/reviews/{review.id}")


def test_a_review_stands_in_the_queue_and_on_the_first_page(client, session, waiting):
    assert "1 review waits to be read" in visit(client, "/staff").text
    page = visit(client, "/staff/messages?kind=review")
    assert rows(page)[0][:3] == ["Ada", WORDS["text"], "Review to read"]

    page = page.follow("Ada").submit("Publish")

    assert page.heading == "Messages"
    assert "Nothing waits for you." in page.text
    assert reviews(session)[0].status == "published"


def test_a_review_is_published_and_its_buyer_told_once(client, session, order, waiting):
    page = page_of(client, waiting)
    assert f"Order {order.number}" in page.text

    page = page.submit("Publish")

    assert "The review is published." in page.text
    assert "4.0 of 5 stars, the mean of 1 review" in visit(client, "/products/tool").text
    page_of(client, waiting).submit("Reject")
    assert "It has no reviews yet." in visit(client, "/products/tool").text
    page_of(client, waiting).submit("Publish")
    (mail,) = mails(session)
    assert (mail.recipient, mail.key) == ("ada@example.com", f"review_published:{waiting.id}")
    assert mail.subject == "Your review of the Tool is published"
    own = f"http://localhost/orders/{order.number}/reviews/tool?token={order.token}"
    assert own in mail.text


def test_an_answer_publishes_the_review_and_is_mailed_once(client, session, waiting):
    page = page_of(client, waiting).submit("Publish with this answer", answer="Glad\n\nof it.")

    assert "The answer is published." in page.text
    shown = visit(client, "/products/tool/reviews").text
    assert "Answer from" in shown
    assert "Glad of it." in shown
    page_of(client, waiting).submit("Change answer", answer="Thank you.")
    assert [mail.key for mail in mails(session)] == [
        f"review_published:{waiting.id}",
        f"review_answered:{waiting.id}",
    ]
    page_of(client, waiting).submit("Take back")
    (it,) = reviews(session)
    assert (it.answer, it.answered_by, it.answered_at, it.status) == ("", "", None, "published")


def test_an_empty_answer_is_refused(client, session, waiting):
    page = page_of(client, waiting).submit("Publish with this answer", answer=" ")

    assert (page.status, page.errors()) == (422, ["Write the answer."])
    assert reviews(session)[0].status == "waiting"


def test_words_that_changed_meanwhile_are_not_published_unread(client, session, order, waiting):
    read = page_of(client, waiting)
    form_of(client, order).submit("Change review", text="Buy my pills.")

    page = read.submit("Publish")

    assert page.status == 409
    assert "its writer changed it, while you were reading" in page.text
    assert "Buy my pills." in page.text
    assert (reviews(session)[0].status, mails(session)) == ("waiting", [])
    answered = read.submit("Publish with this answer", answer="Thank you.")
    assert (answered.status, typed_in(answered, "answer")) == (409, "Thank you.")
    assert reviews(session)[0].answer == ""


def test_of_two_who_decide_the_second_is_told(client, session, waiting):
    first, second = page_of(client, waiting), page_of(client, waiting)
    first.submit("Reject")

    assert second.submit("Publish").status == 409
    assert reviews(session)[0].status == "rejected"


def test_a_withdrawn_review_cannot_be_published(client, session, order, waiting):
    read = page_of(client, waiting)
    form_of(client, order).submit("Withdraw review")

    page = read.submit("Publish")

    assert page.status == 409
    assert "Its writer withdrew it: name and words are gone." in page.text
    assert reviews(session)[0].status == "withdrawn"


def test_reviews_are_searched_and_narrowed(client, session, waiting):
    assert rows(visit(client, "/staff/reviews?q=firm"))[0][:3] == ["Ada", "★★★★ ☆", WORDS["text"]]
    assert "Nothing is like that." in visit(client, "/staff/reviews?q=nothing").text
    assert "There are none." in visit(client, "/staff/reviews?status=rejected").text
    assert visit(client, "/staff/reviews?status=spam").status == 404
    assert len(rows(visit(client, "/staff/reviews?status=all&sort=-stars"))) == 1


def test_who_is_forgotten_has_no_words_left_in_her_reviews(client, session, order, waiting):
    page_of(client, waiting).submit("Publish with this answer", answer="Thank you.")
    client.post("/staff/logout")
    sign_in(client, session, Role.OWNER)
    visit(client, f"/staff/customers/{order.number}").submit(
        "Erase for good", typed="ada@example.com"
    )

    session.expire_all()
    it = session.scalars(select(Review)).one()
    assert (it.name, it.text, it.answer, it.status) == ("", "", "", "withdrawn")
