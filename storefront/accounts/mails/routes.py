"""The addresses of what a customer agrees to get."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models import Customer, Subscriber, SubscriberStatus, now
from storefront.accounts.access import customers_only, signed_in
from storefront.accounts.mails.forms import NEWSLETTER, REMINDERS, ConsentForm
from storefront.extensions import db, settings
from storefront.languages import gettext, lazy_gettext
from storefront.limits import digest
from storefront.newsletter import service
from storefront.newsletter.routes import mails

bp = Blueprint("mails", __name__, url_prefix="/mails")

CAME_BACK = lazy_gettext(
    "Our mails to your address came back, so we send none. Change your address first."
)


@bp.get("")
@customers_only
def show() -> str:
    """Show what mails come, and what she may choose."""
    customer, subscriber = signed_in(), _subscriber()
    form = ConsentForm(
        data={
            "newsletter": _gets(subscriber),
            "reminders": customer.reminders_since is not None,
        }
    )
    return _page(form, subscriber)


@bp.post("")
@customers_only
def update() -> ResponseReturnValue:
    """Keep what she agrees to, and since when; nothing else comes than what is ticked."""
    form, subscriber = ConsentForm(request.form), _subscriber()
    if form.newsletter.data and _came_back(subscriber):
        form.newsletter.errors = [CAME_BACK]
        return _page(form, subscriber), 409
    customer = db.session.get_one(Customer, signed_in().id)
    if form.newsletter.data:
        service.give(db.session, customer.email, _act(NEWSLETTER))
    elif subscriber is not None and subscriber.status is not SubscriberStatus.BOUNCED:
        service.unsubscribe(db.session, subscriber, _act(NEWSLETTER))
    if form.reminders.data:
        customer.reminders_since = customer.reminders_since or now()
    else:
        customer.reminders_since = None
    db.session.commit()
    flash(gettext("That is saved."))
    return redirect(url_for(".show"), 303)


def _subscriber() -> Subscriber | None:
    hers = select(Subscriber).where(Subscriber.email == signed_in().email)
    return db.session.scalars(hers).one_or_none()


def _gets(subscriber: Subscriber | None) -> bool:
    return subscriber is not None and subscriber.status is SubscriberStatus.CONFIRMED


def _came_back(subscriber: Subscriber | None) -> bool:
    return subscriber is not None and subscriber.status is SubscriberStatus.BOUNCED


def _act(words: str) -> service.Act:
    """Note where she said so, and what she read there, in the language in which she read it."""
    origin = digest(request.remote_addr or "", settings().secret_key)
    return service.Act(url_for(".show"), str(words), origin)


def _page(form: ConsentForm, subscriber: Subscriber | None) -> str:
    topics_url = None
    if subscriber is not None and _gets(subscriber):
        topics_url = urlsplit(mails().links.preferences(subscriber)).path
    return render_template(
        "accounts/mails.html",
        form=form,
        customer=signed_in(),
        reminders_words=REMINDERS,
        newsletter_words=NEWSLETTER,
        came_back=_came_back(subscriber),
        confirmed_at=subscriber.confirmed_at if subscriber and _gets(subscriber) else None,
        topics_url=topics_url,
    )
