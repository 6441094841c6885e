"""Staff decide on comments and answer them; authors are told, once."""

import pytest
from sqlalchemy import select

from models import Comment, CommentStatus, Mail, Question, Role, now
from models.content import article_products
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_variant
from tests.features.test_comments import ask, comments, make_comment
from tests.staff import counted_statements, rows, sign_in

PAGE = "/blogs/the-ql-blawg/ql"


@pytest.fixture
def article(session):
    return make_article(session, blog=make_blog(session), handle="ql", title="The QL")


@pytest.fixture
def waiting(client, session, article):
    """A comment as a reader sent it, and a moderator at her desk."""
    assert article.handle == "ql"
    ask(client)
    sign_in(client, session, Role.EDITOR)
    return comments(session)[0]


def mails(session):
    session.expire_all()
    return list(session.scalars(select(Mail).order_by(Mail.id)))


def status_of(session, comment):
    session.expire_all()
    return session.get(Comment, comment.id).status


def test_the_morning_says_how_many_wait(client, session, waiting):
    assert status_of(session, waiting) == "waiting"
    page = visit(client, "/staff").follow("comment waits to be read")

    assert page.heading == "Comments"
    assert rows(page)[0][1:5] == ["Ann", "Does it help when I sit?", "The QL", "10"]
    assert "ann@example.com" not in page.text


def test_a_comment_is_published_and_its_author_told_once(client, session, waiting):
    page = visit(client, f"/staff/comments/{waiting.id}")
    assert "ann@example.com" in page.text
    assert "The page's script did not run; so it is for some people, too." in page.text

    page = page.submit("Publish")

    assert "The comment is published." in page.text
    assert "No comment waits to be read." in page.text
    assert "Does it help when I sit?" in visit(client, PAGE).text
    visit(client, f"/staff/comments/{waiting.id}").submit("Reject")
    assert "Does it help when I sit?" not in visit(client, PAGE).text
    visit(client, f"/staff/comments/{waiting.id}").submit("Publish")
    (mail,) = mails(session)
    assert (mail.recipient, mail.key) == ("ann@example.com", f"comment_published:{waiting.id}")
    assert mail.subject == "Your comment on “The QL” is published"
    assert f"http://localhost/comments/{waiting.id}\n" in mail.text


def test_the_mailed_link_withdraws_the_comment_and_empties_the_mail(client, session, waiting):
    visit(client, f"/staff/comments/{waiting.id}").submit("Publish")
    (mail,) = mails(session)
    link = next(it for it in mail.text.split() if "/comments/own/" in it)

    gone = visit(client, link).submit("Withdraw comment")

    assert gone.heading == "Your comment is withdrawn"
    (mail,) = mails(session)
    assert (mail.recipient, mail.text, mail.html) == ("", "", "")
    assert mail.sent_at is not None
    page = visit(client, f"/staff/comments/{waiting.id}")
    assert "Its author withdrew it" in page.text
    assert page.main.find_all("button") == []


def test_publishing_with_an_answer_is_one_act_and_one_mail(client, session, waiting):
    page = visit(client, f"/staff/comments/{waiting.id}")

    page = page.submit("Publish with this answer", answer="It <b>may</b>.\r\n\r\n\r\nTry it.")

    assert "The answer is published, and mailed to who asked." in page.text
    public = visit(client, PAGE)
    assert "Staff Answer from QL Claw" in public.text
    parts = [it.get_text() for it in public.main.select(".comment--shop .plain-text__part")]
    assert parts == ["It <b>may</b>.", "Try it."]
    (mail,) = mails(session)
    assert mail.subject == "An answer to your comment on “The QL”"
    assert "It <b>may</b>." in mail.text
    assert "It &lt;b&gt;may&lt;/b&gt;." in mail.html
    assert "/comments/own/" in mail.text


def test_an_answer_that_is_wrong_is_marked_and_kept(client, session, waiting):
    page = visit(client, f"/staff/comments/{waiting.id}")

    for typed, error in (
        ("  ", "Write the answer."),
        ("a" * 5001, "Enter at most 5,000 characters."),
        ("a\x00", "Remove the characters that cannot be read."),
    ):
        wrong = page.submit("Publish with this answer", answer=typed)
        assert (wrong.status, wrong.errors()) == (422, [error])

    assert status_of(session, waiting) == "waiting"
    assert mails(session) == []


def test_the_second_of_two_who_decide_is_told(client, session, waiting):
    hers = visit(client, f"/staff/comments/{waiting.id}")
    visit(client, f"/staff/comments/{waiting.id}").submit("Spam")

    told = hers.submit("Publish")

    assert told.status == 409
    assert "Here is how it is now." in told.text
    assert status_of(session, waiting) == "spam"
    assert mails(session) == []


def test_the_second_of_two_who_answer_sees_the_first_answer_and_keeps_hers(
    client, session, waiting
):
    hers = visit(client, f"/staff/comments/{waiting.id}")
    hers.submit("Publish with this answer", answer="First.")

    told = hers.submit("Publish with this answer", answer="Second.")

    assert told.status == 409
    assert "First." in told.text
    assert told.main.find("textarea").get_text().strip() == "Second."
    told.submit("Answer", answer="Second.")
    assert [it.text for it in comments(session)][1:] == ["First.", "Second."]


def test_nobody_answers_a_withdrawn_comment(client, session, waiting):
    page = visit(client, f"/staff/comments/{waiting.id}")
    session.get(Comment, waiting.id).status = CommentStatus.WITHDRAWN
    session.flush()

    assert page.submit("Publish with this answer", answer="Late.").status == 409
    assert page.submit("Publish").status == 409
    assert len(comments(session)) == 1
    assert mails(session) == []


def test_an_answer_is_taken_back_and_published_again(client, session, waiting):
    page = visit(client, f"/staff/comments/{waiting.id}")
    page = page.submit("Publish with this answer", answer="It may.")

    page = page.submit("Take back")
    assert "The answer is rejected." in page.text
    assert "It may." not in visit(client, PAGE).text
    page.submit("Publish again")

    assert "It may." in visit(client, PAGE).text
    assert len(mails(session)) == 1


def test_a_rejected_comment_takes_its_answers_along(client, session, waiting):
    page = visit(client, f"/staff/comments/{waiting.id}")
    page = page.submit("Publish with this answer", answer="It may.")

    page.submit("Reject")

    assert {it.status for it in comments(session)} == {CommentStatus.REJECTED}
    assert "It may." not in client.get("/comments.atom").text
    again = visit(client, f"/staff/comments/{waiting.id}").submit("Publish again")
    assert again.status == 409


def test_several_are_decided_at_once_and_what_others_did_stays(client, session, article):
    first, second, third = (make_comment(session, article, status="waiting") for _ in range(3))
    sign_in(client, session)
    page = visit(client, "/staff/comments")
    third.status = CommentStatus.REJECTED
    session.flush()
    boxes = [it["value"] for it in page.main.select("[name=picked]")]

    answer = client.post(
        "/staff/comments?status=waiting", data={"picked": [*boxes, "x", "0 y"], "act": "publish"}
    )

    assert answer.status_code == 303
    told = visit(client, answer.location)
    assert "2 published. 1 left as it was" in told.text
    assert [status_of(session, it) for it in (first, second, third)] == [
        "published",
        "published",
        "rejected",
    ]
    assert len(mails(session)) == 2
    nothing = told.client.post("/staff/comments", data={"act": "publish"})
    assert nothing.status_code == 422
    assert "pick at least one comment" in nothing.text


def test_the_list_is_searched_filtered_and_paged_by_its_address(app, client, session, article):
    for number in range(60):
        make_comment(session, article, status="waiting", text=f"Number {number}%.")
    make_comment(session, article, status="spam", text="Buy.", spam_score=90)
    sign_in(client, session)

    with counted_statements(app) as seen:
        page = visit(client, "/staff/comments")
    assert len(rows(page)) == 50
    assert len([it for it in seen if "comments" in it]) == 3
    assert len(rows(visit(client, page.link("Next page")))) == 10
    assert len(rows(visit(client, "/staff/comments?q=Number 7%25"))) == 1
    assert [row[2] for row in rows(visit(client, "/staff/comments?status=spam"))] == ["Buy."]
    assert "All (61)" in page.text
    worst = visit(client, "/staff/comments?status=all&sort=-score")
    assert rows(worst)[0][5] == "90"
    for odd in ("status=lost", "sort=email", "page=0"):
        assert client.get(f"/staff/comments?{odd}").status_code == 404


def answered(client, session, article):
    comment = make_comment(session, article, text="Is it\n\nfor me?")
    make_comment(session, article, parent_id=comment.id, is_staff=True, name="Bea", text="It may.")
    return comment, visit(client, f"/staff/comments/{comment.id}")


def test_an_answered_comment_becomes_a_question_on_a_product_once(client, session, article):
    sign_in(client, session)
    make_product(session, title="Another")
    product = make_product(session, title="The tool", handle="tool")
    make_variant(session, product=product)
    session.execute(article_products.insert().values(article_id=article.id, product_id=product.id))
    comment, page = answered(client, session, article)

    edited = page.submit("Turn into a question")
    again = page.submit("Turn into a question")

    assert edited.heading == "A question on The tool"
    assert "It is a question already." in again.text
    assert len(session.scalars(select(Question)).all()) == 1
    shown = visit(client, "/products/tool")
    assert "Questions Is it for me? It may. Answered by Bea" in shown.text
    assert "Ann" not in shown.text
    edited.submit("Save", question="For whom is it?", answer="For you.")
    assert "For whom is it? For you." in visit(client, "/products/tool").text
    assert session.get(Comment, comment.id).text == "Is it\n\nfor me?"


def test_a_question_is_taken_off_and_the_second_editor_is_told(client, session, article):
    sign_in(client, session)
    make_variant(session, product=make_product(session, title="The tool", handle="tool"))
    _, page = answered(client, session, article)
    edited = page.submit("Turn into a question")

    # Not ticked, a box is not sent at all.
    data = {"question": "Q?", "answer": "A.", "position": "0", "seen": edited.html.find(id="seen")}
    data["seen"] = data["seen"]["value"]
    address = f"/staff/questions/{session.scalars(select(Question.id)).one()}"
    assert client.post(address, data=data).status_code == 303
    assert "Nobody has asked about it yet." in visit(client, "/products/tool").text
    told = edited.submit("Save", question="Mine?")
    assert told.status == 409
    assert "Saved meanwhile" in told.text
    assert told.main.find(id="question").get_text().strip() == "Mine?"
    wrong = told.submit("Save", answer=" ", position="x")
    assert wrong.status == 422
    assert session.scalars(select(Question.answer)).one() == "A."
    assert rows(visit(client, "/staff/questions"))[0][:3] == ["The tool", "Q?", "Not shown"]
    assert client.get("/staff/questions/999").status_code == 404


def test_what_is_not_answered_becomes_no_question(client, session, article):
    sign_in(client, session)
    product = make_product(session)
    comment = make_comment(session, article, published_at=now())

    answer = client.post(f"/staff/comments/{comment.id}/question", data={"product": product.id})

    assert answer.status_code == 409
    assert session.scalars(select(Question)).all() == []
    make_comment(session, article, parent_id=comment.id, is_staff=True)
    for odd in ("", "0", "x", "99999"):
        answer = client.post(f"/staff/comments/{comment.id}/question", data={"product": odd})
        assert answer.status_code == 422
    assert session.scalars(select(Question)).all() == []
