"""Changing what the shop says of itself."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import ShopSetting, now
from models.once import upsert
from storefront.site import Shop


def say(session: Session, came: Shop, words: Mapping[str, str], actor: str) -> None:
    """Let the shop say other words; what is as it came is not kept, so that it can still improve.

    words: by the names of ``Shop``.
    """
    for name, value in words.items():
        if value == getattr(came, name):
            session.execute(delete(ShopSetting).where(ShopSetting.name == name))
            continue
        row = {"value": {"is": value}, "updated_at": now(), "actor": actor}
        written = upsert(session, ShopSetting).values(name=name, **row)
        session.execute(written.on_conflict_do_update(index_elements=["name"], set_=row))


def forget(session: Session, names: tuple[str, ...]) -> None:
    """Let the shop say again what it came with."""
    session.execute(delete(ShopSetting).where(ShopSetting.name.in_(names)))
