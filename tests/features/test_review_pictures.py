"""Buyers send pictures with a review: private until it is published, gone when it is withdrawn."""

import io

import pytest
from sqlalchemy import select

from models import SentPicture
from tests import pictures
from tests.browser import filled, visit
from tests.factories import make_product
from tests.features.test_reviews import WORDS, form_of, reviews, shipped_order
from tests.staff import counted_statements, sign_in


@pytest.fixture
def order(session):
    return shipped_order(session, make_product(session, handle="tool", title="Tool"))


def files(count):
    return [(io.BytesIO(pictures.drawn()), f"{at}.jpg") for at in range(count)]


def send(client, order, sent, **typed):
    page = form_of(client, order)
    form = page.main.find("form", enctype="multipart/form-data")
    data = {**filled(form), **WORDS, **typed, "pictures": sent}
    data.pop("", None)
    headers = {"Origin": "http://localhost"}
    return client.post(form["action"], data=data, headers=headers)


def sent_pictures(session):
    session.expire_all()
    return session.scalars(select(SentPicture).order_by(SentPicture.id)).all()


def shown(client, address="/products/tool"):
    return [it["src"] for it in visit(client, address).main.select(".review__pictures img")]


def test_pictures_are_private_until_the_review_is_published(app, client, session, order):
    assert send(client, order, files(2)).status_code == 303

    first, second = sent_pictures(session)
    (review,) = reviews(session)
    assert (first.review_id, first.published_at) == (review.id, None)
    public = f"/sent-pictures/{first.key}-small.webp"
    assert app.test_client().get(public).status_code == 404
    own = form_of(client, order)
    mine = [it["src"] for it in own.main.select(".sent-pictures img")]
    assert len(mine) == 2
    assert client.get(mine[0]).mimetype == "image/webp"

    sign_in(client, session)
    page = visit(client, f"/staff/reviews/{review.id}")
    for image in page.main.select(".sent-pictures img"):
        assert client.get(image["src"]).mimetype == "image/webp"
    assert client.get(f"/staff/reviews/{review.id}/pictures/none-small.webp").status_code == 404
    page.submit("Publish")

    assert shown(client) == [f"/sent-pictures/{it.key}-small.webp" for it in (first, second)]
    assert shown(client, "/products/tool/reviews") == shown(client)
    images = visit(client, "/products/tool").main.select(".review__pictures img")
    assert {it["loading"] for it in images} == {"lazy"}
    assert images[0]["alt"] == "Picture 1 of 2 that Ada sent with this review"
    answer = app.test_client().get(public)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert "Set-Cookie" not in answer.headers

    visit(client, f"/staff/reviews/{review.id}").submit("Reject")
    assert app.test_client().get(public).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.jpg", b"<script>alert(1)</script>", "It is no JPEG, PNG, WebP or AVIF"),
        ("a.svg", b"<svg onload='alert(1)'/>", "An SVG drawing can hold"),
        ("a.jpg", pictures.drawn() + b"<script>", "There is a script in it."),
        ("a.exe", pictures.drawn(), "Its name ends in .exe"),
        ("a.jpg", pictures.drawn()[:900], "It ends too early or is broken."),
    ],
)
def test_a_picture_that_is_none_is_refused_with_the_words_kept(
    client, session, order, name, content, error
):
    answer = send(client, order, [(io.BytesIO(content), name)])

    assert answer.status_code == 422
    assert error in answer.text
    assert WORDS["text"] in answer.text
    assert reviews(session) == []
    assert sent_pictures(session) == []


def test_five_are_too_many_and_a_mistake_elsewhere_asks_for_them_again(client, session, order):
    answer = send(client, order, files(5))
    assert answer.status_code == 422
    assert "Send at most 4 pictures." in answer.text

    answer = send(client, order, files(1), stars="6")
    assert answer.status_code == 422
    assert "Choose 1 to 5 stars." in answer.text
    assert "Choose your pictures again" in answer.text
    assert (reviews(session), sent_pictures(session)) == ([], [])

    assert send(client, order, files(4)).status_code == 303
    assert len(sent_pictures(session)) == 4


def test_new_pictures_take_the_place_of_the_old_and_all_go_with_the_review(client, session, order):
    send(client, order, files(2))
    before = {it.key for it in sent_pictures(session)}
    sign_in(client, session)
    visit(client, f"/staff/reviews/{reviews(session)[0].id}").submit("Publish")

    send(client, order, [], text="Still firm.")
    assert {it.key for it in sent_pictures(session)} == before
    assert {it.published_at for it in sent_pictures(session)} == {None}

    send(client, order, files(1))
    (new,) = sent_pictures(session)
    assert new.key not in before

    form_of(client, order).submit("Remove pictures")
    assert sent_pictures(session) == []
    assert reviews(session)[0].text == WORDS["text"]

    send(client, order, files(1))
    form_of(client, order).submit("Withdraw review")
    assert sent_pictures(session) == []


def test_many_pictures_ask_as_often_as_few(app, client, session, order):
    sign_in(client, session)
    send(client, order, files(1))
    visit(client, f"/staff/reviews/{reviews(session)[0].id}").submit("Publish")
    with counted_statements(app) as few:
        visit(client, "/products/tool")
    send(client, order, files(4))
    visit(client, f"/staff/reviews/{reviews(session)[0].id}").submit("Publish")
    with counted_statements(app) as many:
        visit(client, "/products/tool")

    assert len(shown(client)) == 4
    assert len(many) == len(few)
