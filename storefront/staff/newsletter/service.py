"""What staff may change about a subscriber: only whether her address works."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Subscriber, SubscriberStatus


def admit(session: Session, subscriber_id: int) -> bool:
    """Let an address that came back ask for mails again; False where it had not come back.

    Nobody is subscribed by it: she has to ask and to confirm, as anybody.
    """
    moved = session.scalar(
        update(Subscriber)
        .where(Subscriber.id == subscriber_id, Subscriber.status == SubscriberStatus.BOUNCED)
        .values(status=SubscriberStatus.UNSUBSCRIBED, bounced_at=None, bounce_count=0)
        .returning(Subscriber.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None
