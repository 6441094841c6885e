"""What staff say of the shop as a whole: its words, menus, mails, and where old addresses lead."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, now
from models.language import OWN


class ShopSetting(Base):
    """A setting that staff changed; what is not here is as the shop came. value: ``{"is": …}``."""

    __tablename__ = "shop_settings"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    actor: Mapped[str] = mapped_column(String(254))


class MenuItem(Base):
    """A link of one of the shop's menus. A menu without any is as the shop came."""

    __tablename__ = "menu_items"
    __table_args__ = (Index("ix_menu_items_menu_position", "menu", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    menu: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(300))


class Redirect(CreatedAt, Base):
    """Where an address leads that was one of ours. path: begins with ``/``, without a query."""

    __tablename__ = "redirects"
    __table_args__ = (CheckConstraint("path <> target", name="not_to_itself"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(300), unique=True)
    target: Mapped[str] = mapped_column(String(500), index=True)
    actor: Mapped[str] = mapped_column(String(254), default="")


class MailTemplate(Base):
    """A mail as staff word it, in one language, in place of ours. name: that of the letter."""

    __tablename__ = "mail_templates"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(
        String(8), primary_key=True, default=OWN, server_default=OWN
    )
    subject: Mapped[str] = mapped_column(String(300))
    body_markdown: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    actor: Mapped[str] = mapped_column(String(254))


class LinkCheck(Base):
    """What became of a link when it was last followed. status: of HTTP, 0 where none answered."""

    __tablename__ = "link_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    found_on: Mapped[list[str]] = mapped_column(default=list)
    status: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(300), default="")
    checked_at: Mapped[datetime] = mapped_column(default=now, index=True)
