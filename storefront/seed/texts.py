"""The starting texts: who writes, the muscles, tutorials, articles and pages."""

from datetime import UTC, date, datetime, time

from models import (
    Article,
    ArticleTag,
    Author,
    Blog,
    Page,
    PlainPage,
    Policy,
    Tutorial,
    TutorialStep,
    now,
)
from models.content import (
    article_muscles,
    article_products,
    article_references,
    article_tutorials,
    page_references,
    tutorial_products,
)
from storefront.search import index
from storefront.seed.evidence import add_videos
from storefront.seed.rows import Rows, Table, Text, texts, toml
from storefront.text import RENDERER, cited

BLOG = ("the-ql-blawg", "The QL Blawg")


def add_authors(rows: Rows) -> None:
    """Write who writes."""
    for row in toml("authors.toml")["author"]:
        author = Author(
            handle=row["handle"],
            name=row["name"],
            credentials=row["credentials"],
            about_markdown=row["about"],
            about_html=rows.html(row["about"]),
            renderer=RENDERER,
        )
        rows.authors[author.handle] = rows.added(author)


def add_tutorials(rows: Rows) -> None:
    """Write the tutorials with their steps."""
    for text in texts("tutorials"):
        _add_tutorial(rows, text)


def _add_tutorial(rows: Rows, text: Text) -> None:
    front = text.front
    lists = ("needs", "cautions", "stop_signs", "symptoms")
    words = ("handle", "title", "summary", "minutes", "which_end", "frequency", "released")
    tutorial = Tutorial(
        **{name: front[name] for name in (*words, *lists)},
        **rows.body(text.body),
        position=rows.muscles[front["muscle"]].position,
        muscle=rows.muscles[front["muscle"]],
        breath_in_s=front.get("breath_in_s", 4),
        breath_out_s=front.get("breath_out_s", 6),
        steps=[_step(rows, step, place) for place, step in enumerate(front["step"], start=1)],
    )
    rows.tutorials[tutorial.handle] = rows.added(tutorial)
    rows.articles_of[tutorial.handle] = front["articles"]
    rows.link(page_references, tutorial.id, [rows.references[key] for key in front["references"]])
    rows.link(tutorial_products, tutorial.id, [rows.products[key] for key in front["products"]])
    add_videos(rows, front, page_id=tutorial.id)
    index.index_tutorial(rows.session, tutorial)


def _step(rows: Rows, step: Table, position: int) -> TutorialStep:
    return TutorialStep(
        position=position,
        kind=step.get("kind", ""),
        title=step["title"],
        text_markdown=step["text"],
        text_html=rows.html(step["text"], notes=f"step-{position}"),
        figure=step.get("figure"),
        figure_alt=step.get("figure_alt", ""),
        seconds=step.get("seconds"),
        rest_s=step.get("rest_s", 0),
        cue=step.get("cue", ""),
        is_per_side=step.get("per_side", False),
        is_optional=step.get("optional", False),
    )


def add_articles(rows: Rows) -> None:
    """Write the blog and its articles."""
    blog = rows.added(Blog(handle=BLOG[0], title=BLOG[1]))
    for text in texts("articles"):
        _add_article(rows, text, blog)


def _add_article(rows: Rows, text: Text, blog: Blog) -> None:
    front = text.front
    optional = ("figure", "figure_alt", "figure_caption")
    # A machine whose clock is behind shows the articles all the same.
    published_at = min(_midnight(front["published"]), now())
    article = Article(
        blog_id=blog.id,
        author_id=rows.authors[front["author"]].id,
        **{name: front[name] for name in ("handle", "title", "summary")},
        **{name: front[name] for name in optional if name in front},
        **rows.body(text.body),
        canonical_url=front.get("canonical_url"),
        published_at=published_at,
        updated_at=min(_midnight(front["updated"]), now()) if "updated" in front else published_at,
        tags=[ArticleTag(tag=tag) for tag in front["tags"]],
    )
    rows.articles[article.handle] = rows.added(article)
    rows.link(article_references, article.id, [rows.references[key] for key in cited(text.body)])
    rows.link(article_muscles, article.id, [rows.muscles[it] for it in front.get("muscles", [])])
    rows.link(article_products, article.id, [rows.products[it] for it in front["products"]])
    named_there = [key for key, it in rows.articles_of.items() if article.handle in it]
    tutorials = list(dict.fromkeys([*front["tutorials"], *named_there]))
    rows.link(article_tutorials, article.id, [rows.tutorials[it] for it in tutorials])
    add_videos(rows, front, article_id=article.id)
    index.index_article(rows.session, article, blog.handle)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def add_pages(rows: Rows) -> None:
    """Write the plain pages and the policies."""
    for folder, kind in (("pages", PlainPage), ("policies", Policy)):
        for text in texts(folder):
            _add_page(rows, text, kind)


def _add_page(rows: Rows, text: Text, kind: type[Page]) -> None:
    page = kind(
        handle=text.front["handle"],
        title=text.front["title"],
        summary=text.front.get("summary", ""),
        is_sample=text.front.get("sample", False),
        **rows.body(text.body),
    )
    rows.pages[page.handle] = rows.added(page)
    rows.link(page_references, page.id, [rows.references[key] for key in cited(text.body)])
    index.index_page(rows.session, page)
