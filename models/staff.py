"""Staff: people who run the shop, and what each role may do."""

import enum
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, CreatedAt


class Role(enum.StrEnum):
    """What a member of staff is trusted with."""

    OWNER = "owner"
    MANAGER = "manager"
    FULFILMENT = "fulfilment"
    EDITOR = "editor"
    SUPPORT = "support"


class Permission(enum.StrEnum):
    """One thing that staff may be allowed to do."""

    SEE = "see"  # the back office itself, and Today
    SEE_ORDERS = "see orders"
    EDIT_ORDERS = "edit orders"
    SHIP = "ship"
    SEE_CUSTOMERS = "see customers"
    ERASE_CUSTOMERS = "erase customers"
    SEE_STOCK = "see stock"
    ADJUST_STOCK = "adjust stock"
    BUY = "buy"  # of suppliers
    SEE_MONEY = "see money"
    SEE_SALES = "see sales"
    EXPORT = "export"
    EDIT_CONTENT = "edit content"
    MODERATE = "answer comments"
    SEND_MAILS = "send newsletters"
    EDIT_CATALOG = "edit catalog"
    REFUND = "refund"
    ISSUE_GIFT_CARDS = "issue gift cards"
    EDIT_DISCOUNTS = "edit discounts"
    EDIT_SHIPPING = "edit shipping and taxes"
    LIFT_LIMITS = "lift limits"
    EDIT_SETTINGS = "edit settings"
    MANAGE_STAFF = "manage staff"
    SEE_AUDIT = "see audit log"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(Permission) - {Permission.EDIT_SETTINGS, Permission.MANAGE_STAFF},
    Role.FULFILMENT: frozenset(
        {
            Permission.SEE,
            Permission.SEE_ORDERS,
            Permission.SHIP,
            Permission.SEE_STOCK,
            Permission.ADJUST_STOCK,
        }
    ),
    Role.EDITOR: frozenset(
        {
            Permission.SEE,
            Permission.EDIT_CONTENT,
            Permission.MODERATE,
            Permission.SEND_MAILS,
        }
    ),
    Role.SUPPORT: frozenset(
        {
            Permission.SEE,
            Permission.SEE_ORDERS,
            Permission.EDIT_ORDERS,
            Permission.SEE_CUSTOMERS,
            Permission.SEE_STOCK,
            Permission.SEE_MONEY,
            Permission.MODERATE,
            Permission.REFUND,
            Permission.LIFT_LIMITS,
        }
    ),
}


class Staff(CreatedAt, Base):
    """A member of staff, named by an email address in lower case."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    is_active: Mapped[bool] = mapped_column(default=True)

    def may(self, permission: Permission) -> bool:
        """Say whether this person's role holds the permission."""
        return self.is_active and permission in PERMISSIONS[self.role]


def owner_addresses(session: Session) -> Sequence[str]:
    """Return whom the shop tells when something is wrong."""
    owners = select(Staff.email).where(Staff.role == Role.OWNER, Staff.is_active)
    return session.scalars(owners.order_by(Staff.id)).all()


def addresses_of(session: Session, permission: Permission) -> Sequence[str]:
    """Return the addresses of those whose role holds a permission."""
    roles = [role for role, held in PERMISSIONS.items() if permission in held]
    people = select(Staff.email).where(Staff.role.in_(roles), Staff.is_active)
    return session.scalars(people.order_by(Staff.id)).all()


class Invitation(CreatedAt, Base):
    """A link by which somebody becomes staff; once, and until it expires.

    token_sha256: hex digest of the secret in the link. A newer invitation of the same address
    takes the place of an older.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[Role]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    actor: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime]


class SavedView(CreatedAt, Base):
    """A list as somebody wants to see it again. query: of its address; staff_id: None for all."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("screen", "staff_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    screen: Mapped[str] = mapped_column(String(40), index=True)
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(500))
