"""The addresses of subscribing, preferring and leaving."""

from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from models import Subscriber, SubscriberStatus, now
from storefront import formatting
from storefront.caching import PRIVATE
from storefront.extensions import db, settings
from storefront.languages import gettext, lazy_gettext
from storefront.limits import digest
from storefront.newsletter import attempts, forms, queries, service
from storefront.newsletter.forms import EraseForm, SubscribeForm
from storefront.newsletter.links import Found, Purpose, read
from storefront.newsletter.mails import Mails, wording
from storefront.newsletter.service import Act

bp = Blueprint("newsletter", __name__, url_prefix="/newsletter")

TOO_MANY = lazy_gettext("That was asked for too often just now. Try again later.")
INVALID = lazy_gettext("Nothing was saved yet. Correct what is marked below.")
# Pages of a single person, or on the way to an order: nobody is asked for her address there.
NOT_ASKED_ON = ("/cart", "/checkout", "/account", "/orders", "/newsletter")


@bp.app_context_processor
def sign_up_words() -> dict[str, Any]:
    """Give the foot of every page what it says at the form, and whether it has one."""
    asks = bool(request) and not request.path.startswith(NOT_ASKED_ON)
    return {"newsletter_words": str(forms.WORDS), "asks_for_email": asks}


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep the pages of one person out of caches and search engines."""
    if request.view_args:
        response.headers["Cache-Control"] = PRIVATE
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "same-origin"  # the address holds the secret
    return response


@bp.get("")
def show() -> str:
    """Show the form, what one gets, how often, and an example."""
    return _page(SubscribeForm())


@bp.post("")
def subscribe() -> ResponseReturnValue:
    """Ask for mails to an address; the answer is the same whatever the address is to the shop."""
    form = SubscribeForm(request.form)
    if form.website.data:  # no person sees this field
        return _asked()
    if not form.validate():
        return _page(form), 422
    email, secret = str(form.email.data), settings().secret_key
    if left_s := attempts.wait_s(db.session, email, request.remote_addr or "", secret):
        db.session.commit()
        return _page(form, str(TOO_MANY)), 429, {"Retry-After": str(left_s)}
    service.ask(db.session, email, _act(form.path, str(forms.WORDS)), mails())
    db.session.commit()
    return _asked()


@bp.get("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Show the button that confirms an address."""
    return _confirm_page(read(db.session, token, Purpose.CONFIRM))


@bp.post("/confirm/<token>")
def confirm_create(token: str) -> ResponseReturnValue:
    """Confirm an address; a second time is fine."""
    found = read(db.session, token, Purpose.CONFIRM)
    if found is None or found.is_expired:
        return _confirm_page(found)
    if not service.confirm(db.session, found, _act("", "").origin):
        db.session.rollback()
        db.session.refresh(found.subscriber)
        return _confirm_page(found)
    db.session.commit()
    return _said(
        gettext("You get our mails now"),
        gettext("Your address is confirmed. The first mail comes soon."),
        preferences_url=mails().links.preferences(found.subscriber),
    )


@bp.get("/unsubscribe/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the button that ends all mails."""
    subscriber = _of(token, Purpose.UNSUBSCRIBE)
    if subscriber.status is SubscriberStatus.UNSUBSCRIBED:
        return _left(subscriber)
    return render_template(
        "newsletter/act.html",
        title=gettext("Unsubscribe"),
        message=gettext(
            "One click, and %(email)s gets no more of our mails.", email=subscriber.email
        ),
        button_text=gettext("Unsubscribe"),
        preferences_url=mails().links.preferences(subscriber),
    )


@bp.post("/unsubscribe/<token>")
def unsubscribe_create(token: str) -> ResponseReturnValue:
    """End all mails at once; also for a mail program's own button (RFC 8058). Twice is fine."""
    subscriber = _of(token, Purpose.UNSUBSCRIBE)
    is_one_click = request.form.get("List-Unsubscribe") == "One-Click"
    words = "The mail program's own button." if is_one_click else gettext("Unsubscribe")
    service.unsubscribe(db.session, subscriber, _act(url_for(".show") + "/unsubscribe", words))
    db.session.commit()
    return _left(subscriber)


@bp.get("/preferences/<token>")
def preferences(token: str) -> str:
    """Show what a subscriber gets, to change it."""
    return _preferences(_of(token, Purpose.PREFERENCES), token)


@bp.post("/preferences/<token>")
def preferences_update(token: str) -> ResponseReturnValue:
    """Keep what a subscriber wants to get, and until when nothing."""
    subscriber = _of(token, Purpose.PREFERENCES)
    form = _preferences_form(subscriber, sent=True)
    if not form.validate():
        return _preferences(subscriber, token, form=form, error=str(INVALID)), 422
    pause = str(form.pause.data)
    until = subscriber.paused_until if pause == "keep" else None
    if pause.isdecimal():
        until = now() + int(pause) * service.MONTH
    words = f"Topics: {', '.join(form.chosen) or 'all'}. Pause: {pause}."
    act = _act(url_for(".show") + "/preferences", words)
    service.choose(db.session, subscriber, form.chosen, until, act)
    db.session.commit()
    return redirect(url_for(".preferences", token=token, saved=1), 303)


@bp.get("/preferences/<token>/data")
def data(token: str) -> Response:
    """Give all that is kept about a subscriber, as a file of JSON."""
    response = jsonify(queries.kept(db.session, _of(token, Purpose.PREFERENCES)))
    response.headers["Content-Disposition"] = 'attachment; filename="newsletter.json"'
    return response


@bp.post("/preferences/<token>/erase")
def erase(token: str) -> ResponseReturnValue:
    """Forget a subscriber, once she has said that she is sure."""
    subscriber, form = _of(token, Purpose.PREFERENCES), EraseForm(request.form)
    if not form.validate():
        return _preferences(subscriber, token, erase_form=form, error=str(INVALID)), 422
    service.erase(db.session, [subscriber.id])
    db.session.commit()
    return _said(
        gettext("All of it is deleted"),
        gettext("We keep nothing about you here, and mail you nothing."),
    )


def mails() -> Mails:
    """Return what writes the newsletter's mails of the current app."""
    found: Mails = current_app.extensions["newsletter"]
    return found


def _of(token: str, purpose: Purpose) -> Subscriber:
    found = read(db.session, token, purpose)
    if found is None:
        abort(
            404,
            gettext("This link is not whole, or all that was kept about its address is deleted."),
        )
    return found.subscriber


def _act(page: str, words: str) -> Act:
    return Act(page, words, digest(request.remote_addr or "", settings().secret_key))


def _page(form: SubscribeForm, error: str | None = None) -> str:
    sequence = queries.welcome(db.session)
    first = sequence.mails[0] if sequence and sequence.mails else None
    return render_template(
        "newsletter/show.html",
        form=form,
        error=error,
        sequence=sequence if first else None,
        example=mails().body(wording(sequence, first)) if sequence and first else None,
    )


def _said(title: str, message: str, **more: object) -> str:
    return render_template("newsletter/said.html", title=title, message=message, **more)


def _asked() -> str:
    message = gettext(
        "We have sent you a link. It works for seven days. Open it and press the button there:"
        " only then do our mails come. If nothing arrives, look in your junk mail folder."
    )
    return _said(gettext("Check your mail"), message, names_mailbox=True)


def _left(subscriber: Subscriber) -> str:
    return _said(
        gettext("You are unsubscribed"),
        gettext("%(email)s gets no more of our mails.", email=subscriber.email),
        preferences_url=mails().links.preferences(subscriber),
    )


def _confirm_page(found: Found | None) -> ResponseReturnValue:
    """Say what a link that confirms leads to: the button, or why there is none."""
    if found is None:
        message = gettext("Part of its address may be missing. You can ask for a new one.")
        return _said(gettext("This link is not whole"), message, asks_again=True), 404
    if found.subscriber.status is SubscriberStatus.CONFIRMED:
        return _said(
            gettext("You are confirmed already"),
            gettext("You get our mails: there is nothing left to do."),
            preferences_url=mails().links.preferences(found.subscriber),
        )
    if found.is_expired:
        message = gettext("It worked for seven days. You can ask for a new one.")
        return _said(gettext("This link has expired"), message, asks_again=True), 410
    if not service.may_confirm(db.session, found):
        message = gettext(
            "You have unsubscribed since it was sent. You can ask for our mails again."
        )
        return _said(gettext("This link no longer works"), message, asks_again=True), 410
    return render_template(
        "newsletter/act.html",
        title=gettext("Confirm your address"),
        message=gettext(
            "One click, and our mails come to %(email)s.", email=found.subscriber.email
        ),
        button_text=gettext("Confirm"),
    )


def _preferences_form(subscriber: Subscriber, *, sent: bool = False) -> forms.PreferencesForm:
    until = subscriber.paused_until
    is_paused = until is not None and until > now()
    paused = formatting.day(until, settings().timezone) if until and is_paused else ""
    topics = queries.topics(db.session)
    return forms.preferences(subscriber, topics, request.form if sent else None, paused)


def _preferences(
    subscriber: Subscriber,
    token: str,
    *,
    form: forms.PreferencesForm | None = None,
    erase_form: EraseForm | None = None,
    error: str | None = None,
) -> str:
    return render_template(
        "newsletter/preferences.html",
        subscriber=subscriber,
        token=token,
        form=form or _preferences_form(subscriber),
        erase_form=erase_form or EraseForm(),
        error=error,
        saved="saved" in request.args,
        unsubscribe_url=urlsplit(mails().links.unsubscribe(subscriber)).path,
    )
