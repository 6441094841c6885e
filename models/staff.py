"""Staff: people who run the shop, and what each role may do."""

import enum
from collections.abc import Sequence

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, CreatedAt


class Role(enum.StrEnum):
    """What a member of staff is trusted with."""

    OWNER = "owner"
    STAFF = "staff"


class Permission(enum.StrEnum):
    """One thing that staff may be allowed to do."""

    SEE = "see"
    SHIP = "ship"
    ADJUST_STOCK = "adjust stock"
    EDIT_CONTENT = "edit content"
    MODERATE = "answer comments"
    SEND_MAILS = "send newsletters"
    EDIT_CATALOG = "edit catalog"
    REFUND = "refund"
    EDIT_DISCOUNTS = "edit discounts"
    EDIT_SHIPPING = "edit shipping and taxes"
    LIFT_LIMITS = "lift limits"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.STAFF: frozenset(
        {
            Permission.SEE,
            Permission.SHIP,
            Permission.ADJUST_STOCK,
            Permission.EDIT_CONTENT,
            Permission.MODERATE,
            Permission.REFUND,
            Permission.LIFT_LIMITS,
        }
    ),
}


class Staff(CreatedAt, Base):
    """A member of staff, named by an e-mail address in lower case."""

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
