"""Gift cards: money paid in advance, spent in parts, and the ledger of each."""

import enum
import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, update
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from models.base import Base, CreatedAt, Currency, Minor, now
from models.language import Speaks
from models.money import Money

# No 0 or O, no 1, I or L, no U: what is read off a print or heard is typed right.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # 78 random bits
LONGEST_MESSAGE = 300


class GiftCardMovementKind(enum.StrEnum):
    """Why a card's balance changed; what is enabled or disabled keeps its balance."""

    ISSUED = "issued"
    SPENT = "spent"  # also what an order holds that waits for the rest of its money
    GIVEN_BACK = "given back"
    DISABLED = "disabled"
    ENABLED = "enabled"


class CardSpentError(Exception):
    """The card has not that much, or is disabled (by now)."""


class GiftCard(Speaks, CreatedAt, Base):
    """Money that whoever knows the code can pay with, in one currency.

    code_digest: keyed digest of the code; code_sealed: the code, encrypted, until it is mailed;
    last4: its last four signs. amount: what it was issued with. order_line_id and serial: which
    unit of an order it is; None and 0 for one that staff issued. recipient_email: where the code
    is mailed, at ``send_at``, by the mail of ``mail_key``.
    """

    __tablename__ = "gift_cards"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("balance_minor BETWEEN 0 AND amount_minor", name="balance_in_range"),
        UniqueConstraint("order_line_id", "serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_sealed: Mapped[str | None] = mapped_column(Text)
    last4: Mapped[str] = mapped_column(String(4), index=True)
    amount: Mapped[Money] = composite(
        mapped_column("amount_minor", Minor), mapped_column("currency", Currency)
    )
    balance_minor: Mapped[int] = mapped_column(Minor)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_lines.id"))
    serial: Mapped[int] = mapped_column(default=0)
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    recipient_email: Mapped[str] = mapped_column(String(254), default="", index=True)
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    send_at: Mapped[datetime]
    mail_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    mailed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    @property
    def balance(self) -> Money:
        """What is left on it."""
        return Money(self.balance_minor, self.amount.currency)

    def in_currency(self, minor: int) -> Money:
        """Return an amount of its currency."""
        return Money(minor, self.amount.currency)

    @property
    def name(self) -> str:
        """What it is called where its code must not stand."""
        return card_name(self.last4)


class GiftCardMovement(CreatedAt, Base):
    """A line of a card's ledger. amount_minor: signed, in its currency; the sum is its balance.

    order_id: the order that it was bought or spent in.
    """

    __tablename__ = "gift_card_movements"

    id: Mapped[int] = mapped_column(primary_key=True)
    gift_card_id: Mapped[int] = mapped_column(ForeignKey("gift_cards.id"), index=True)
    kind: Mapped[GiftCardMovementKind]
    amount_minor: Mapped[int] = mapped_column(Minor, default=0)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    actor: Mapped[str] = mapped_column(String(254))
    reason: Mapped[str] = mapped_column(String(300), default="")


def new_code() -> str:
    """Return a code that nobody has yet: 16 signs without look-alikes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normal_code(typed: str) -> str | None:
    """Return what was typed as a code, in capitals and without gaps; None where it can be none."""
    code = "".join(sign for sign in typed[:80].upper() if sign not in " -\t")
    is_code = len(code) == CODE_LENGTH and all(sign in ALPHABET for sign in code)
    return code if is_code else None


def card_name(last4: str) -> str:
    """Return what a card is called by its last four signs."""
    return f"Gift card ···· {last4}"


def issue(
    session: Session, card: GiftCard, *, actor: str, reason: str = "", order_id: int | None = None
) -> None:
    """Write a new card with the first line of its ledger."""
    card.balance_minor = card.amount.minor
    session.add(card)
    session.flush()
    _note(session, card.id, GiftCardMovementKind.ISSUED, card.amount.minor, order_id, actor, reason)


def spend(session: Session, card_id: int, amount: Money, *, order_id: int, actor: str) -> None:
    """Take an amount off a card by one conditional UPDATE, or raise CardSpentError."""
    taken = session.execute(
        update(GiftCard)
        .where(
            GiftCard.id == card_id,
            GiftCard.disabled_at.is_(None),
            GiftCard.__table__.c["currency"] == amount.currency,
            GiftCard.balance_minor >= amount.minor,
        )
        .values(balance_minor=GiftCard.balance_minor - amount.minor)
        .returning(GiftCard.id)
        .execution_options(synchronize_session=False)
    )
    if taken.scalar_one_or_none() is None:
        raise CardSpentError(card_id)
    _note(session, card_id, GiftCardMovementKind.SPENT, -amount.minor, order_id, actor)


def give_back(  # noqa: PLR0913 (who and why belong to every movement)
    session: Session, card_id: int, amount: Money, *, order_id: int, actor: str, reason: str = ""
) -> None:
    """Put back on a card what an order had taken off it; on one that is disabled too.

    The caller sees to it that no more comes back than was taken.
    """
    session.execute(
        update(GiftCard)
        .where(GiftCard.id == card_id)
        .values(balance_minor=GiftCard.balance_minor + amount.minor)
        .execution_options(synchronize_session=False)
    )
    kind = GiftCardMovementKind.GIVEN_BACK
    _note(session, card_id, kind, amount.minor, order_id, actor, reason)


def set_disabled(
    session: Session, card_id: int, *, disabled: bool, actor: str, reason: str
) -> bool:
    """Let nobody pay with a card any more, or let it be used again; False where that is so."""
    is_so = GiftCard.disabled_at.is_not(None) if disabled else GiftCard.disabled_at.is_(None)
    changed = session.execute(
        update(GiftCard)
        .where(GiftCard.id == card_id, ~is_so)
        .values(disabled_at=now() if disabled else None)
        .returning(GiftCard.id)
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        return False
    kind = GiftCardMovementKind.DISABLED if disabled else GiftCardMovementKind.ENABLED
    _note(session, card_id, kind, 0, None, actor, reason)
    return True


def _note(  # noqa: PLR0913, PLR0917 (a line has as many columns)
    session: Session,
    card_id: int,
    kind: GiftCardMovementKind,
    amount_minor: int,
    order_id: int | None,
    actor: str,
    reason: str = "",
) -> None:
    session.add(
        GiftCardMovement(
            gift_card_id=card_id,
            kind=kind,
            amount_minor=amount_minor,
            order_id=order_id,
            actor=actor,
            reason=reason,
        )
    )
