"""What the shop teaches: articles, tutorials and their steps, muscles, references, pages."""

import enum
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, Handle, now
from models.catalog import Product


def _link(name: str, left: str, right: str) -> Table:
    """Return a join table of two tables whose rows keep an order of their own."""
    return Table(
        name,
        Base.metadata,
        *(
            Column(
                f"{table[:-1]}_id", ForeignKey(f"{table}.id", ondelete="CASCADE"), primary_key=True
            )
            for table in (left, right)
        ),
        Column("position", Integer, nullable=False, default=0),
    )


article_products = _link("article_products", "articles", "products")
article_tutorials = _link("article_tutorials", "articles", "tutorials")
article_muscles = _link("article_muscles", "articles", "muscles")
article_references = _link("article_references", "articles", "references")
muscle_references = _link("muscle_references", "muscles", "references")
page_references = _link("page_references", "pages", "references")
tutorial_products = _link("tutorial_products", "tutorials", "products")


class Blog(Base):
    """A series of articles under one address."""

    __tablename__ = "blogs"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    title: Mapped[str] = mapped_column(String(200))


class Muscle(Base):
    """A muscle that the shop writes about: ``/muscles/<handle>``.

    figure and pain_figure: where it lies, and where its pain is often drawn.
    """

    __tablename__ = "muscles"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    location: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text, default="")
    referred_pain: Mapped[str] = mapped_column(Text, default="")
    latin: Mapped[str] = mapped_column(String(120), default="")
    figure: Mapped[str | None] = mapped_column(String(120))
    figure_alt: Mapped[str] = mapped_column(String(500), default="")
    pain_figure: Mapped[str | None] = mapped_column(String(120))
    pain_figure_alt: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[int] = mapped_column(default=0)

    references: Mapped[list["Reference"]] = relationship(
        secondary=muscle_references, order_by=muscle_references.c.position, lazy="raise_on_sql"
    )


class Reference(Base):
    """A source that articles and tutorials cite, shared among them."""

    __tablename__ = "references"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    citation: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(500))
    doi: Mapped[str | None] = mapped_column(String(120))
    isbn: Mapped[str | None] = mapped_column(String(20))

    @property
    def markdown(self) -> str:
        """The citation with the address to read it at, as a footnote shows it."""
        return f"{self.citation} <{self.links[0][1]}>" if self.links else self.citation

    @property
    def links(self) -> list[tuple[str, str]]:
        """What it is known by elsewhere, (words, address) each: DOI, page, ISBN."""
        found = [
            (f"doi:{self.doi}", f"https://doi.org/{self.doi}" if self.doi else ""),
            (urlsplit(self.url or "").netloc.removeprefix("www."), self.url or ""),
            (f"ISBN {self.isbn}", f"https://openlibrary.org/isbn/{self.isbn}" if self.isbn else ""),
        ]
        return [(words, address) for words, address in found if address]


class Author(Base):
    """Who writes. credentials: what she has learned, in one line; empty where there is nothing."""

    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    credentials: Mapped[str] = mapped_column(String(200), default="")
    about_markdown: Mapped[str] = mapped_column(Text, default="")
    about_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")


class Article(CreatedAt, Base):
    """A text of a blog. ``body_html`` is rendered from ``body_markdown`` when it is saved.

    canonical_url: where the same text stands first, None where that is here.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    blog_id: Mapped[int] = mapped_column(ForeignKey("blogs.id"), index=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("authors.id", ondelete="SET NULL"), index=True
    )
    canonical_url: Mapped[str | None] = mapped_column(String(500))
    body_markdown: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")
    figure: Mapped[str | None] = mapped_column(String(120))
    figure_alt: Mapped[str] = mapped_column(String(500), default="")
    figure_caption: Mapped[str] = mapped_column(String(500), default="")
    seo_title: Mapped[str] = mapped_column(String(200), default="")
    seo_description: Mapped[str] = mapped_column(String(320), default="")
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    blog: Mapped[Blog] = relationship(lazy="raise_on_sql")
    author: Mapped[Author | None] = relationship(lazy="raise_on_sql")
    tags: Mapped[list["ArticleTag"]] = relationship(
        cascade="all, delete-orphan", order_by="ArticleTag.tag", lazy="raise_on_sql"
    )
    products: Mapped[list[Product]] = relationship(
        secondary=article_products, order_by=article_products.c.position, lazy="raise_on_sql"
    )
    tutorials: Mapped[list["Tutorial"]] = relationship(
        secondary=article_tutorials, order_by=article_tutorials.c.position, lazy="raise_on_sql"
    )
    muscles: Mapped[list[Muscle]] = relationship(
        secondary=article_muscles, order_by=article_muscles.c.position, lazy="raise_on_sql"
    )
    references: Mapped[list[Reference]] = relationship(
        secondary=article_references, order_by=article_references.c.position, lazy="raise_on_sql"
    )

    @property
    def is_published(self) -> bool:
        """Whether visitors see it: it has a date, and the date has come."""
        return self.published_at is not None and self.published_at <= now()


class ArticleTag(Base):
    """A word that groups articles: ``/blogs/<blog>/tagged/<tag>``."""

    __tablename__ = "article_tags"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(Handle, primary_key=True, index=True)

    @property
    def words(self) -> str:
        """How it is read, and said in other languages."""
        return self.tag.replace("-", " ")


class PageKind(enum.StrEnum):
    """Where a page is shown, and what it is."""

    PAGE = "page"
    POLICY = "policy"
    TUTORIAL = "tutorial"


class Page(CreatedAt, Base):
    """A text under ``/pages/`` or ``/policies/``; a tutorial is one with steps.

    published_at: from when visitors see it, None for a draft.
    """

    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PageKind] = mapped_column(index=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body_markdown: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(default=now, index=True)
    seo_title: Mapped[str] = mapped_column(String(200), default="")
    seo_description: Mapped[str] = mapped_column(String(320), default="")
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    references: Mapped[list[Reference]] = relationship(
        secondary=page_references, order_by=page_references.c.position, lazy="raise_on_sql"
    )

    @property
    def is_published(self) -> bool:
        """Whether visitors see it: it has a date, and the date has come."""
        return self.published_at is not None and self.published_at <= now()

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 (SQLAlchemy's own form)


class PlainPage(Page):
    """A page of text."""

    __mapper_args__ = {"polymorphic_identity": PageKind.PAGE}  # noqa: RUF012


class Policy(Page):
    """A legal text: returns, shipping, privacy, terms, contact."""

    __mapper_args__ = {"polymorphic_identity": PageKind.POLICY}  # noqa: RUF012


class Tutorial(Page):
    """How to press on one muscle, step by step, cautions first.

    breath_in_s and breath_out_s: the pace of breath that the player shows, in seconds.
    """

    __tablename__ = "tutorials"
    __mapper_args__ = {"polymorphic_identity": PageKind.TUTORIAL}  # noqa: RUF012

    id: Mapped[int] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True)
    muscle_id: Mapped[int] = mapped_column(ForeignKey("muscles.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    breath_in_s: Mapped[int] = mapped_column(default=4)
    breath_out_s: Mapped[int] = mapped_column(default=6)
    which_end: Mapped[str] = mapped_column(Text, default="")
    frequency: Mapped[str] = mapped_column(Text, default="")
    released: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[list[str]] = mapped_column(default=list)
    cautions: Mapped[list[str]] = mapped_column(default=list)
    stop_signs: Mapped[list[str]] = mapped_column(default=list)
    symptoms: Mapped[list[str]] = mapped_column(default=list)

    muscle: Mapped[Muscle] = relationship(lazy="raise_on_sql")
    steps: Mapped[list["TutorialStep"]] = relationship(
        order_by="TutorialStep.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    products: Mapped[list[Product]] = relationship(
        secondary=tutorial_products, order_by=tutorial_products.c.position, lazy="raise_on_sql"
    )
    articles: Mapped[list[Article]] = relationship(
        secondary=article_tutorials,
        order_by=article_tutorials.c.position,
        viewonly=True,
        lazy="raise_on_sql",
    )


class TutorialStep(Base):
    """One thing to do, with its figure.

    seconds: how long it is held, None where one takes one's time. rest_s: the rest after it. cue:
    what the player says. is_per_side: done again on the other side. is_optional: only for those
    to whom the steps before were easy.
    """

    __tablename__ = "tutorial_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    tutorial_id: Mapped[int] = mapped_column(
        ForeignKey("tutorials.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    text_markdown: Mapped[str] = mapped_column(Text, default="")
    text_html: Mapped[str] = mapped_column(Text, default="")
    figure: Mapped[str | None] = mapped_column(String(120))
    figure_alt: Mapped[str] = mapped_column(String(500), default="")
    seconds: Mapped[int | None]
    rest_s: Mapped[int] = mapped_column(default=0)
    cue: Mapped[str] = mapped_column(String(200), default="")
    is_per_side: Mapped[bool] = mapped_column(default=False)
    is_optional: Mapped[bool] = mapped_column(default=False)
