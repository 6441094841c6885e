"""What the worker does for texts."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Article
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.search.index import index_article


def publish(sessions: Sessions, payload: Payload) -> Effect:
    """Make an article findable whose moment has come; one that was put off stays as it is."""
    del sessions

    def write(session: Session) -> None:
        wanted = select(Article).where(Article.id == payload["article_id"])
        article = session.scalars(wanted.options(joinedload(Article.blog))).one_or_none()
        if article is not None:
            index_article(session, article, article.blog.handle)

    return write
