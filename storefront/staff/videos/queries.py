"""Looking at films as staff do."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Article, Page, Video


def video(session: Session, video_id: int, *, to_change: bool = False) -> Video | None:
    """Return a film as it is now; locked where it is about to change."""
    wanted = select(Video).where(Video.id == video_id)
    if to_change:
        wanted = wanted.with_for_update(of=Video)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def article(session: Session, article_id: int | None = None, handle: str = "") -> Article | None:
    """Return the article that has this id or this handle, with its blog."""
    by = Article.id == article_id if article_id else Article.handle == handle
    return session.scalars(
        select(Article).where(by).options(joinedload(Article.blog))
    ).one_or_none()


def page(session: Session, page_id: int | None = None, handle: str = "") -> Page | None:
    """Return the tutorial or page that has this id or this handle."""
    by = Page.id == page_id if page_id else Page.handle == handle
    return session.scalars(select(Page).where(by)).one_or_none()
