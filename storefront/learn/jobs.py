"""What the worker does for texts."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectin_polymorphic, selectinload

from models import Article, Page, Tutorial
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.search.index import index_text


def publish(sessions: Sessions, payload: Payload) -> Effect:
    """Make an article findable whose moment has come; one that was put off stays as it is."""
    del sessions

    def write(session: Session) -> None:
        wanted = select(Article).where(Article.id == payload["article_id"])
        article = session.scalars(wanted.options(joinedload(Article.blog))).one_or_none()
        if article is not None:
            index_text(session, article)

    return write


def publish_page(sessions: Sessions, payload: Payload) -> Effect:
    """Make a page or a tutorial findable whose moment has come."""
    del sessions

    def write(session: Session) -> None:
        loaded = (selectin_polymorphic(Page, [Tutorial]), selectinload(Tutorial.steps))
        wanted = select(Page).where(Page.id == payload["page_id"]).options(*loaded)
        page = session.scalars(wanted).one_or_none()
        if page is not None:
            index_text(session, page)

    return write
