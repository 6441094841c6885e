"""Mailing the codes of gift cards, each on its day."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import GiftCard, now
from storefront.database import Sessions
from storefront.gift_cards.service import JOB as JOB  # noqa: PLC0414 (its kind)
from storefront.jobs.worker import Effect, Payload
from storefront.mail.letters import Letters


class Mailing:
    """Does the job ``mail-gift-card``."""

    def __init__(self, letters: Letters) -> None:
        """Remember who writes."""
        self._letters = letters

    def mail(self, sessions: Sessions, payload: Payload) -> Effect:
        """Write the mail of one card, once; of a disabled one, or without an address, none."""
        del sessions
        return partial(self._write, payload["card_id"])

    def _write(self, card_id: int, session: Session) -> None:
        card = session.scalars(
            select(GiftCard).where(GiftCard.id == card_id).with_for_update()
        ).one_or_none()
        if card is None or card.disabled_at or card.mail_key or not card.recipient_email:
            return
        if card.code_sealed is not None and card.send_at <= now():
            card.mail_key = self._letters.gift_card(session, card)
