"""Looking things up for machines: one by its handle, as its page loads it; only what is shown."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import (
    Article,
    ArticleTag,
    Blog,
    Muscle,
    Page,
    PageKind,
    Product,
    ProductStatus,
    Region,
    RegionMuscle,
    Routine,
    RoutinePart,
    Tutorial,
    now,
)
from storefront.feeds import pictures
from storefront.feeds.pictures import Picture
from storefront.languages import gettext
from storefront.learn.queries import published

IN_FEED = 20  # articles
IN_LIST = 1000  # texts of a kind in llms.txt


def newest(session: Session, blog: Blog, tag: str | None = None) -> Sequence[Article]:
    """Return a blog's newest articles, all or those of a tag, with author and tags."""
    wanted = published().where(Article.blog_id == blog.id).limit(IN_FEED)
    if tag is not None:
        wanted = wanted.where(Article.tags.any(ArticleTag.tag == tag))
    loaded = wanted.options(joinedload(Article.author), selectinload(Article.tags))
    return session.scalars(loaded).all()


def article(session: Session, handle: str, *options: ExecutableOption) -> Article | None:
    """Return a published article with its blog."""
    wanted = published().where(Article.handle == handle).options(*options)
    return session.scalars(wanted).one_or_none()


def tutorial(session: Session, handle: str, *options: ExecutableOption) -> Tutorial | None:
    """Return a published tutorial with its steps."""
    wanted = select(Tutorial).filter_by(handle=handle).where(Tutorial.published_at <= now())
    return session.scalars(wanted.options(selectinload(Tutorial.steps), *options)).one_or_none()


def page(session: Session, handle: str, *options: ExecutableOption) -> Page | None:
    """Return a published plain page or policy."""
    wanted = select(Page).where(Page.handle == handle, Page.kind != PageKind.TUTORIAL)
    wanted = wanted.where(Page.published_at <= now())
    return session.scalars(wanted.options(*options)).one_or_none()


def region(session: Session, handle: str) -> Region | None:
    """Return a region with its muscles."""
    loaded = selectinload(Region.muscles).joinedload(RegionMuscle.muscle)
    return session.scalars(select(Region).filter_by(handle=handle).options(loaded)).one_or_none()


def routine(session: Session, handle: str) -> Routine | None:
    """Return a routine with the steps of its published tutorials."""
    loaded = (
        selectinload(Routine.parts.and_(RoutinePart.is_shown()))
        .joinedload(RoutinePart.tutorial)
        .selectinload(Tutorial.steps)
    )
    return session.scalars(select(Routine).filter_by(handle=handle).options(loaded)).one_or_none()


def texts(session: Session) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return what has a twin in Markdown, as groups of title, path and summary."""
    articles = session.scalars(published().limit(IN_LIST))
    shown = (Page.is_sample.is_(False), Page.published_at <= now())
    pages = session.scalars(select(Page).where(*shown).order_by(Page.id).limit(IN_LIST)).all()
    regions = session.scalars(select(Region).order_by(Region.position, Region.id).limit(IN_LIST))
    routines = session.scalars(
        select(Routine).order_by(Routine.position, Routine.id).limit(IN_LIST)
    )
    folders = {PageKind.PAGE: "pages", PageKind.POLICY: "policies", PageKind.TUTORIAL: "pages"}
    groups = [
        (
            gettext("Articles"),
            [(it.title, f"/blogs/{it.blog.handle}/{it.handle}", it.summary) for it in articles],
        ),
        *(
            (
                name,
                [
                    (it.title, f"/{folders[it.kind]}/{it.handle}", it.summary)
                    for it in pages
                    if (it.kind == PageKind.TUTORIAL) is is_tutorial
                ],
            )
            for name, is_tutorial in ((gettext("Tutorials"), True), (gettext("Pages"), False))
        ),
        (
            gettext("Routines"),
            [(it.title, f"/routines/{it.handle}", it.summary) for it in routines],
        ),
        (
            gettext("Where it hurts"),
            [(it.name, f"/where-does-it-hurt/{it.handle}", it.summary) for it in regions],
        ),
    ]
    return [(name, found) for name, found in groups if found]


def picture(session: Session, kind: str, handle: str) -> Picture | None:
    """Return what the share picture of a page shows; None where visitors see no such page."""
    if kind not in _PICTURES:
        return None
    find, show = _PICTURES[kind]
    found = find(session, handle)
    return show(found) if found else None


def product(session: Session, handle: str) -> Product | None:
    """Return a product that is for sale, with its pictures."""
    wanted = select(Product).where(
        Product.handle == handle, Product.status.in_(ProductStatus.shown()), Product.variants.any()
    )
    return session.scalars(wanted.options(selectinload(Product.images))).one_or_none()


def muscle(session: Session, handle: str) -> Muscle | None:
    """Return a muscle."""
    return session.scalars(select(Muscle).filter_by(handle=handle)).one_or_none()


_PICTURES: dict[str, tuple[Callable[..., Any], Callable[..., Picture]]] = {
    "article": (article, pictures.of_article),
    "tutorial": (tutorial, pictures.of_tutorial),
    "page": (page, pictures.of_page),
    "product": (product, pictures.of_product),
    "region": (region, lambda it: pictures.of_region(it, [each.muscle for each in it.muscles])),
    "muscle": (muscle, pictures.of_muscle),
    "routine": (routine, pictures.of_routine),
}
