"""A customer at her account: signed in, and what was mailed to her."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from models import Mail, SignIn, now
from tests.browser import visit
from tests.factories import PASSWORD, make_customer


def signed_in(client, session, **over):
    """A customer who has signed in with this client by her password."""
    customer = make_customer(session, **over)
    page = visit(client, "/account/login").submit(
        "Sign in", email=customer.email, password=PASSWORD
    )
    assert page.heading == "Your orders"
    return customer


def let_proof_grow_old(session):
    """An hour passes for those who are signed in."""
    session.execute(update(SignIn).values(proved_at=now() - timedelta(hours=1)))
    session.commit()


def mails(session, template):
    """What was mailed of a kind, the oldest first."""
    session.expire_all()
    return session.scalars(select(Mail).filter_by(template=template).order_by(Mail.id)).all()


def mailed_link(session, template="account_link"):
    """The path of the newest link that was mailed in letters of a kind."""
    mail = mails(session, template)[-1]
    (url,) = set(re.findall(r"http://localhost(/account/link/\S+)", mail.text))
    return url
