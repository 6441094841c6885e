"""Makes everything that visitors see findable, whoever wrote it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import SearchEntry
from storefront.search.anew import index_anew
from storefront.search.index import forget_all


def index_everything(session: Session) -> int:
    """Build the index anew from what there is; return how many things can be found."""
    session.flush()
    forget_all(session)
    index_anew(session)
    return session.scalar(select(func.count()).select_from(SearchEntry)) or 0
