"""Texts that an older version of the shop has rendered."""

from datetime import timedelta

from sqlalchemy import select, update

from models import Article, Author, Page, Reference, TutorialStep, Video, now
from storefront.text import RENDERER
from tests.factories import make_article, make_author, make_blog, make_tutorial

LONG_AGO = now() - timedelta(days=30)
OLD = {"renderer": "markdown-it-0", "updated_at": LONG_AGO, "body_html": "<p>Old.</p>"}


def rendered_anew(app):
    done = app.test_cli_runner().invoke(args=["render"])
    assert done.exit_code == 0, done.output
    return done.output


def test_texts_of_an_older_renderer_are_rendered_anew_and_no_others(app, session):
    session.add(Reference(key="gray", citation="Gray, Anatomy"))
    blog, author = make_blog(session), make_author(session)
    article = make_article(session, blog=blog, author=author, body="## Deep[^gray]")
    fresh = make_article(session, blog=blog, author=author)
    session.execute(update(Author).values(renderer=RENDERER))
    session.execute(update(Article).where(Article.id == article.id).values(**OLD))
    session.execute(update(Article).where(Article.id == fresh.id).values(body_html="<p>Kept.</p>"))
    session.commit()

    assert rendered_anew(app) == "1 texts rendered anew.\n"

    session.expire_all()
    assert "Gray, Anatomy" in session.get_one(Article, article.id).body_html
    assert session.get_one(Article, article.id).updated_at == LONG_AGO
    assert session.get_one(Article, fresh.id).body_html == "<p>Kept.</p>"
    assert rendered_anew(app) == "0 texts rendered anew.\n"


def test_steps_and_the_words_of_films_are_rendered_with_their_text(app, session):
    tutorial = make_tutorial(session)
    session.add(Video(page_id=tutorial.id, title="A film", link="x", transcript_markdown="*Hi.*"))
    session.execute(update(Page).values(**OLD))
    session.execute(update(TutorialStep).values(text_markdown="*Slowly.*", text_html=""))
    session.commit()

    assert rendered_anew(app) == "1 texts rendered anew.\n"

    session.expire_all()
    assert session.scalars(select(Page.renderer)).one() == RENDERER
    assert session.scalars(select(Page.updated_at)).one() == LONG_AGO
    assert session.scalars(select(TutorialStep.text_html)).one() == "<p><em>Slowly.</em></p>\n"
    assert session.scalars(select(Video.transcript_html)).one() == "<p><em>Hi.</em></p>\n"
