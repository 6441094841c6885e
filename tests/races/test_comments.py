"""Two at one comment: moderators, readers who find it helpful, one who sends it twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from models import Comment, CommentVote, Mail, Question
from tests.browser import visit
from tests.factories import PASSWORD, make_article, make_blog, make_product, make_staff
from tests.features.test_comments import WORDS, comments, make_comment

PAGE = "/blogs/the-ql-blawg/ql"


@pytest.fixture
def article(session):
    return make_article(session, blog=make_blog(session), handle="ql")


def race(acts):
    """Let all act at the same moment; returns their answers."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [answer.status_code for answer in pool.map(run, acts)]


def moderators(app, session, count=2):
    found = []
    for _ in range(count):
        client, person = app.test_client(), make_staff(session)
        visit(client, "/staff/login").submit("Sign in", email=person.email, password=PASSWORD)
        found.append(client)
    return found


def test_of_two_moderators_one_decides_and_the_other_is_told(app, session, article):
    comment = make_comment(session, article, status="waiting")
    one, two = moderators(app, session)
    address, seen = f"/staff/comments/{comment.id}", "waiting"

    answers = race(
        [
            lambda: one.post(address, data={"act": "publish", "seen": seen}),
            lambda: two.post(address, data={"act": "spam", "seen": seen}),
        ]
    )

    assert sorted(answers) == [303, 409]
    expected = "published" if answers[0] == 303 else "spam"
    assert comments(session)[0].status == expected
    assert session.scalar(select(func.count(Mail.id))) == (expected == "published")


def test_of_two_answers_one_is_written_and_the_other_kept_in_the_form(app, session, article):
    comment = make_comment(session, article, status="waiting")
    clients = moderators(app, session)

    answers = race(
        [
            lambda client=client: client.post(
                f"/staff/comments/{comment.id}/answer",
                data={"answer": "It may.", "seen": "waiting 0"},
            )
            for client in clients
        ]
    )

    assert sorted(answers) == [303, 409]
    assert [it.text for it in comments(session)] == ["Words.", "It may."]
    assert session.scalar(select(func.count(Mail.id))) == 1


def test_two_clicks_make_one_question(app, session, article):
    comment = make_comment(session, article)
    make_comment(session, article, parent_id=comment.id, is_staff=True)
    product, clients = make_product(session), moderators(app, session)

    answers = race(
        [
            lambda client=client: client.post(
                f"/staff/comments/{comment.id}/question", data={"product": product.id}
            )
            for client in clients
        ]
    )

    assert answers == [303, 303]
    assert session.scalar(select(func.count(Question.id))) == 1


def test_a_count_is_what_was_voted_however_many_press_at_once(app, session, article):
    comment = make_comment(session, article)

    def press(agent):
        headers = {"User-Agent": agent}
        return app.test_client().post(f"/comments/{comment.id}/helpful", headers=headers)

    # Four people, each with two clicks.
    answers = race([lambda it=it: press(f"Browser {it % 4}") for it in range(8)])

    assert answers == [303] * 8
    counted = session.scalars(select(Comment.__table__.c.helpful_count)).one()
    assert counted == session.scalar(select(func.count(CommentVote.voter))) == 4


@pytest.mark.usefixtures("article")
def test_a_double_click_posts_one_comment(app, session):
    answers = race([lambda: app.test_client().post(f"{PAGE}/comments", data=WORDS)] * 4)

    assert answers == [303] * 4
    assert len(comments(session)) == 1
