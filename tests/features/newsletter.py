"""Subscribers and sequences for the tests."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from models import (
    Consent,
    Enrolment,
    Job,
    Mail,
    Sequence,
    SequenceMail,
    SequenceTrigger,
    Subscriber,
    SubscriberStatus,
    now,
)
from storefront.jobs import queue
from storefront.text import RENDERER, render
from tests.browser import visit

ADA = "ada@example.org"


def make_sequence(session, *mails, trigger=SequenceTrigger.CONFIRMED, **over):
    """A sequence of (subject, delay in hours, Markdown); one mail at once where none is given."""
    values = {"handle": "welcome", "title": "Welcome", "is_active": True} | over
    sequence = Sequence(trigger=trigger, **values)
    sequence.mails = [
        SequenceMail(
            position=position,
            subject=subject,
            delay_hours=delay,
            body_markdown=body,
            body_html=render(body),
            renderer=RENDERER,
        )
        for position, (subject, delay, body) in enumerate(mails or [("Hello", 0, "Hi.")], 1)
    ]
    session.add(sequence)
    session.flush()
    return sequence


def make_subscriber(session, email=ADA, status=SubscriberStatus.CONFIRMED, **over):
    subscriber = Subscriber(email=email, status=status, **over)
    session.add(subscriber)
    session.flush()
    return subscriber


def enrol(session, subscriber, sequence, **over):
    """Somebody to whom the first mail is due."""
    values = {"next_at": now() - timedelta(minutes=1)} | over
    enrolment = Enrolment(subscriber_id=subscriber.id, sequence_id=sequence.id, **values)
    session.add(enrolment)
    session.flush()
    return enrolment


def fresh(session, table):
    """The rows of a table as they are now, by their ids."""
    wanted = select(table).order_by(table.id).execution_options(populate_existing=True)
    return session.scalars(wanted).all()


def the(session, table):
    (row,) = fresh(session, table)
    return row


def ask(client, email=ADA, page="/newsletter"):
    return visit(client, page).submit("Subscribe", email=email)


def links_in(mail, purpose):
    return re.findall(rf"http://localhost(/newsletter/{purpose}/\S+)", mail.text)


def confirm_path(session):
    """The link in the newest mail that asks to confirm."""
    mail = [it for it in fresh(session, Mail) if it.key.startswith("newsletter_confirm:")][-1]
    (path,) = links_in(mail, "confirm")
    return path


def confirmed(client, session, email=ADA):
    """Subscribe and confirm, as she does it; return her row."""
    ask(client, email)
    visit(client, confirm_path(session)).submit("Confirm")
    return session.scalars(
        select(Subscriber).filter_by(email=email).execution_options(populate_existing=True)
    ).one()


def let_pass(session, **time):
    """Make what is due in some time due now."""
    back = now() + timedelta(**time)
    session.execute(update(Enrolment).where(Enrolment.next_at <= back).values(next_at=now()))


def round_of(app, worker, key="round"):
    """Let the worker do one round of the periodic job, and whatever follows from it."""
    with app.extensions["sessions"].write.begin() as session:
        queue.enqueue(session, "newsletter", f"newsletter:{key}:{now().timestamp()}", {})
    return worker.work_off()


def state(session):
    """All that asking, confirming and leaving could change."""
    return [
        session.execute(select(*table.__table__.c).order_by(table.__table__.c.id)).all()
        for table in (Subscriber, Consent, Enrolment, Mail, Job)
    ]
