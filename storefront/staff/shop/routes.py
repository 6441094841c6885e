"""The addresses of settings."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.audit_log import take_turn
from models.staff import Permission
from storefront import site
from storefront.config import Settings
from storefront.extensions import db, settings
from storefront.payments.access import letters
from storefront.present import PresentShop
from storefront.site import Shop
from storefront.staff.access import needs, signed_in
from storefront.staff.seen import differences, seen_of
from storefront.staff.shop import service
from storefront.staff.shop.forms import LABELS, NAMES, ShopForm

bp = Blueprint("shop", __name__, url_prefix="/settings")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved the settings while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)


@bp.get("")
@needs(Permission.EDIT_SETTINGS)
def show() -> str:
    """Show what the shop says of itself, and how it is set."""
    return _page(ShopForm.of(present().now()))


@bp.post("")
@needs(Permission.EDIT_SETTINGS)
def update() -> ResponseReturnValue:
    """Save what the shop says of itself; every page says it at once."""
    form = ShopForm(request.form)
    if not form.validate():
        return _page(form, error=INVALID), 422
    saved = ShopForm.of(as_saved()).words
    if form.seen.data != seen_of(saved):
        form.seen.data = seen_of(saved)
        return _page(form, error=CHANGED, theirs=_named(differences(saved, form.words))), 409
    service.say(db.session, site.read(), form.words, signed_in().email)
    db.session.commit()
    present().has_changed()
    flash("The settings are saved. Every page says so from now on.")
    return redirect(url_for(".show"), 303)


@bp.post("/as-it-came")
@needs(Permission.EDIT_SETTINGS)
def reset() -> ResponseReturnValue:
    """Take back every word that staff changed here."""
    service.forget(db.session, NAMES)
    db.session.commit()
    present().has_changed()
    flash("The shop says again what it came with.")
    return redirect(url_for(".show"), 303)


@bp.post("/test-mail")
@needs(Permission.EDIT_SETTINGS)
def test_mail() -> ResponseReturnValue:
    """Send a mail to whoever is signed in, the way that all mails go."""
    person = signed_in()
    letters().test(db.session, person.email)
    db.session.commit()
    flash(f"A mail is on its way to {person.email}. The outbox says what became of it.")
    return redirect(url_for(".show"), 303)


def present() -> PresentShop:
    """Return who knows what the shop says now."""
    found: PresentShop = current_app.extensions["present_shop"]
    return found


def as_saved() -> Shop:
    """Return the shop as it is saved, which nobody else changes until this request ends."""
    take_turn(db.session)
    return present().read()


def _named(words: dict[str, str]) -> dict[str, str]:
    return {LABELS[name]: text for name, text in words.items()}


def _page(form: ShopForm, *, error: str | None = None, theirs: dict[str, str] | None = None) -> str:
    return render_template(
        "staff/shop/show.html",
        form=form,
        error=error,
        theirs=theirs or {},
        facts=_facts(settings()),
    )


def _facts(found: Settings) -> list[tuple[str, str, str]]:
    """Return what the environment sets: in words, how it is, and the setting's name."""
    mail = urlsplit(found.mail_url).hostname if found.mail_url else "the development mailbox"
    live = found.stripe_secret_key.startswith(("sk_live", "rk_live"))
    stripe = "the local stand-in" if found.uses_stand_in else "live" if live else "test mode"
    return [
        ("Address of the shop", found.site_url, "SITE_URL"),
        ("Main currency", found.currency, "CURRENCY"),
        ("All currencies", ", ".join(found.currencies), "CURRENCIES"),
        ("Time zone", found.timezone, "TIMEZONE"),
        ("Ships to", ", ".join(found.shipping_countries), "SHIPPING_COUNTRIES"),
        ("Tax", "by Stripe" if found.taxes_by_stripe else "by the shop's own table", "TAX"),
        ("Payments", f"Stripe, {stripe}", "STRIPE_SECRET_KEY"),
        ("Mails come from", found.mail_from, "MAIL_FROM"),
        ("Mails go by", str(mail), "MAIL_URL"),
    ]
