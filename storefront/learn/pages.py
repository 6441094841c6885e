"""The pages of an article and of a tutorial; also for what went wrong with a form on them."""

from flask import render_template

from models import Article, Tutorial
from storefront.catalog.queries import cards_for_article, cards_for_tutorial
from storefront.comments.discussion import Discussion, discussion
from storefront.extensions import db
from storefront.learn import queries
from storefront.text import contents, reading_minutes
from storefront.visitor import visitor


def article_page(article: Article, comments: Discussion | None = None) -> str:
    """Return the page of an article, loaded as by ``queries.article``.

    comments: what stands below it, where a comment was refused.
    """
    return render_template(
        "learn/article.html",
        article=article,
        contents=contents(article.body_html),
        reading_minutes=reading_minutes(article.body_html),
        tutorials=article.tutorials,
        products=cards_for_article(db.session, article, visitor()),
        related=queries.related(db.session, article),
        discussion=comments or discussion(article),
    )


def tutorial_page(tutorial: Tutorial, comments: Discussion | None = None) -> str:
    """Return the page of a tutorial, loaded as by ``queries.tutorial``; comments: as above."""
    return render_template(
        "learn/tutorial.html",
        tutorial=tutorial,
        products=cards_for_tutorial(db.session, tutorial, visitor()),
        articles=[article for article in tutorial.articles if article.is_published],
        discussion=comments or discussion(tutorial),
    )
