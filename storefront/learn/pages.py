"""The pages of an article and of a tutorial; also for what went wrong with a form on them."""

import re

from flask import g, render_template
from sqlalchemy.orm.attributes import set_committed_value

from models import Article, Page, Policy, Tutorial, now
from storefront.catalog.queries import cards_for_article, cards_for_tutorial
from storefront.comments.discussion import Discussion, discussion
from storefront.extensions import db
from storefront.learn import parts, queries, videos
from storefront.learn.parts import Beside
from storefront.learn.videos import VideoView
from storefront.safety import allow_frames
from storefront.text import contents, parted, reading_minutes
from storefront.visitor import visitor

_SCRIPT = re.compile("<script[^>]*>.*?</script>", re.DOTALL)


def article_page(article: Article, comments: Discussion | None = None) -> str:
    """Return the page of an article, found as by ``queries.article``.

    comments: what stands below it, where a comment was refused.
    """
    beside = parts.of_article(db.session, article)
    text, notes = parted(article.body_html)
    return render_template(
        "learn/article.html",
        article=article,
        text=text,
        notes=notes,
        contents=contents(article.body_html),
        reading_minutes=reading_minutes(article.body_html),
        tutorials=article.tutorials,
        products=cards_for_article(db.session, article, visitor()),
        related=beside.related,
        discussion=comments or discussion(article),
        claims=beside.claims,
        videos=_videos(beside),
    )


def tutorial_page(tutorial: Tutorial, comments: Discussion | None = None) -> str:
    """Return the page of a tutorial, loaded as by ``queries.tutorial``; comments: as above."""
    beside = parts.of_tutorial(db.session, tutorial)
    return render_template(
        "learn/tutorial.html",
        tutorial=tutorial,
        products=cards_for_tutorial(db.session, tutorial, visitor()),
        articles=[article for article in tutorial.articles if article.is_published],
        discussion=comments or discussion(tutorial),
        claims=beside.claims,
        videos=_videos(beside),
    )


def plain_page(page: Page) -> str:
    """Return the page of a plain page or a policy."""
    kind = "policy" if isinstance(page, Policy) else "page"
    return render_template(f"learn/{kind}.html", page=page)


def preview_page(text: Article | Page) -> str:
    """Return the page that a text would have, were it published now; it says that it is none."""
    g.is_preview = True
    shown = queries.draft(db.session, text)
    set_committed_value(shown, "published_at", shown.published_at or now())  # not written
    if isinstance(shown, Article):
        return article_page(shown)
    return tutorial_page(shown) if isinstance(shown, Tutorial) else plain_page(shown)


def framed_page(text: Article | Page) -> str:
    """Return the same for a frame that lets no script run: it has none."""
    return _SCRIPT.sub("", preview_page(text))


def _videos(beside: Beside) -> list[VideoView]:
    """Return a text's videos; the answer may hold the players of those that are linked."""
    found = [videos.view(it) for it in beside.videos]
    allow_frames(*(view.link.host.origin for view in found if view.link))
    return found
