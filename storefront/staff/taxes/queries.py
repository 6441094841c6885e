"""Looking at tax rates as staff do."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import TaxRate
from storefront.staff.typed import percent_text


def rates(session: Session) -> Sequence[TaxRate]:
    """Return every rate, those of a country together."""
    return session.scalars(select(TaxRate).order_by(TaxRate.country, TaxRate.region)).all()


def rate(session: Session, rate_id: int, *, to_change: bool = False) -> TaxRate | None:
    """Return a rate as it is now; locked where it is about to change."""
    wanted = select(TaxRate).where(TaxRate.id == rate_id)
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def words(of: TaxRate) -> dict[str, str]:
    """Return a rate's fields as one types them."""
    return {
        "country": of.country,
        "region": of.region,
        "title": of.title,
        "percent": percent_text(of.rate_ppm),
        "is_included": "included" if of.is_included else "added",
        "taxes_shipping": "yes" if of.taxes_shipping else "no",
    }
