"""Who sells, as staff said it; what they did not say stands nowhere."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import ShopSetting
from storefront import site

NAMES = ("legal_name", "address", "tax_number")
IS_OF_SELLER = ShopSetting.name.in_(NAMES)


def seller(session: Session) -> dict[str, Any]:
    """Return the seller's name, the lines of the address, and the tax number; empty is unknown."""
    return seller_of(session.scalars(select(ShopSetting).where(IS_OF_SELLER)))


def seller_of(rows: Iterable[ShopSetting]) -> dict[str, Any]:
    """Return the same of the settings that say it."""
    said = {row.name: str(row.value.get("is") or "").strip() for row in rows}
    return {
        "name": said.get("legal_name") or site.read().name,
        "address": [it.strip() for it in said.get("address", "").splitlines() if it.strip()],
        "tax_number": said.get("tax_number", ""),
    }
