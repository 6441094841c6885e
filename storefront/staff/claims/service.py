"""Writing claims, and noting that somebody held one against its sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models import Claim, Reference
from models.evidence import claim_references
from storefront.staff.links import ids_of, relink


@dataclass(frozen=True, slots=True)
class Draft:
    """What a claim is to be. text_of: ``article-<id>`` or ``page-<id>``; references: keys."""

    text_of: str
    text: str
    references: Sequence[str]
    review_by: date


def save(session: Session, claim: Claim, draft: Draft) -> None:
    """Make a claim, new or locked, what the draft says; raises UnknownNamesError.

    A claim whose words or sources have changed is reviewed no longer: nobody held it against them.
    """
    sources = ids_of(session, "references", Reference.key, draft.references)
    kind, _, text_id = draft.text_of.partition("-")
    is_article = kind == "article"
    claim.article_id = int(text_id) if is_article else None
    claim.page_id = None if is_article else int(text_id)
    if claim.id is not None and _is_changed(claim, draft):
        claim.reviewer, claim.reviewed_on = "", None
    claim.text, claim.review_by = draft.text, draft.review_by
    session.add(claim)
    session.flush()  # its id is needed for its sources
    relink(session, claim_references, claim.id, sources)


def review(claim: Claim, reviewer: str, on: date, review_by: date) -> None:
    """Note on a locked claim who held it against its sources, and when that is due again."""
    claim.reviewer, claim.reviewed_on, claim.review_by = reviewer, on, review_by


def _is_changed(claim: Claim, draft: Draft) -> bool:
    keys = [it.key for it in claim.references]
    return claim.text != draft.text or sorted(keys) != sorted(draft.references)
