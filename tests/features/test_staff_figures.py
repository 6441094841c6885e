"""Uploaded pictures as the figures of texts."""

import pytest
from sqlalchemy import select

from models import Picture, TutorialStep
from models.picture import figure_of, figure_path
from tests.browser import visit
from tests.factories import make_article, make_blog, make_tutorial
from tests.pictures import drawn, upload
from tests.staff import sign_in

JPEG = "image/jpeg"


@pytest.fixture(autouse=True)
def storage(app):
    """The shop's storage, empty; it is in memory here."""
    app.extensions["storage"]._store = None


def test_a_drawing_of_the_shop_is_no_picture():
    assert figure_of("ql-side") is None
    assert figure_path("ql-side") == "img/figures/ql-side.svg"
    assert figure_of("a" * 64 + "-1x1") is None


@pytest.fixture
def brought(client, session, worker):
    """A picture that is ready."""
    sign_in(client, session)
    upload(client, (drawn(size=(900, 600)), "claw.jpg", JPEG), alt="A claw on the floor")
    worker.work_off()
    return session.scalars(select(Picture)).one()


def test_a_picture_is_the_figure_of_an_article(client, session, brought):
    article = make_article(session, blog=make_blog(session), handle="floor", title="The floor")

    page = visit(client, "/staff/articles/floor")
    assert "Picture: A claw on the floor" in page.text
    refused = page.submit("Save", figure=brought.as_figure, figure_alt="")
    assert refused.status == 422
    assert "Say what the figure shows." in refused.errors()
    refused.submit("Save", figure_alt="How it lies on the floor")

    image = visit(client, "/blogs/the-ql-blawg/floor").main.find(
        "img", alt="How it lies on the floor"
    )
    assert (image["width"], image["height"]) == ("900", "600")
    assert brought.file(480, "webp") in image["srcset"]
    assert brought.file(480, "avif") in image.find_previous("source")["srcset"]
    assert article.title in visit(client, f"/staff/pictures/{brought.id}").main.get_text()


def test_a_picture_is_the_figure_of_a_step(client, session, brought):
    tutorial = make_tutorial(session, handle="release")
    step = session.scalars(select(TutorialStep).filter_by(tutorial_id=tutorial.id)).one()
    step.figure, step.figure_alt = brought.as_figure, "How one begins"
    session.commit()

    image = visit(client, "/pages/release").main.find("img", alt="How one begins")
    assert (image["width"], image["height"]) == ("900", "600")
    twin = client.get("/pages/release.md").text
    assert f"![How one begins](http://localhost/media/{brought.key}-" in twin
    assert tutorial.title in visit(client, f"/staff/pictures/{brought.id}").main.get_text()
    assert "Picture: A claw on the floor" in visit(client, "/staff/tutorials/release").text
