"""The addresses of gift cards in the back office."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models import GiftCard
from models.gift_card import set_disabled
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.formatting import money
from storefront.forms import id_from
from storefront.gift_cards import service
from storefront.paging import page_number
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.gift_cards import queries
from storefront.staff.gift_cards.forms import IssueForm, ReasonForm, SendForm
from storefront.staff.listing import sorting_asked, words_asked

bp = Blueprint("gift_cards", __name__, url_prefix="/gift-cards")

INVALID = "Nothing was done yet. Correct what is marked below."
CHANGED = "Somebody else did that just now. Nothing was changed."
DISABLED = "A disabled card is not sent. Let it be used again first. Nothing was changed."


@bp.get("")
@needs(Permission.SEE_MONEY)
def index() -> str:
    """List the cards; ``?q=`` searches last signs and recipients."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-issued")
    return render_template(
        "staff/gift_cards/index.html",
        page=queries.cards(db.session, words, sorting, page_number()),
        owed=queries.owed(db.session),
        may_issue=signed_in().may(Permission.ISSUE_GIFT_CARDS),
        sorting=sorting,
        words=words,
    )


@bp.get("/new")
@needs(Permission.ISSUE_GIFT_CARDS)
def new() -> str:
    """Show the form that issues a card."""
    return render_template("staff/gift_cards/new.html", form=_issue_form())


@bp.post("/new")
@needs(Permission.ISSUE_GIFT_CARDS, proof=True)
def create() -> ResponseReturnValue:
    """Issue a card that nobody bought."""
    form = _issue_form(request.form)
    if not form.validate():
        return render_template("staff/gift_cards/new.html", form=form, error=INVALID), 422
    card = service.issue_by_hand(
        db.session,
        form.money,
        form.gift,
        letters().vault,
        actor=signed_in().email,
        reason=str(form.reason.data),
    )
    db.session.commit()
    flash(
        f"A gift card of {money(card.amount)} is issued. Its code is mailed, and shown to nobody."
    )
    return redirect(url_for(".show", card_id=card.id), 303)


@bp.get("/<card_id>")
@needs(Permission.SEE_MONEY)
def show(card_id: str) -> str:
    """Show a card with its ledger."""
    return _page(_found(card_id))


@bp.post("/<card_id>/disabling")
@needs(Permission.ISSUE_GIFT_CARDS, proof=True)
def disable(card_id: str) -> ResponseReturnValue:
    """Let nobody pay with a card any more."""
    return _switch(card_id, disabled=True, said="{} is disabled. What is left on it stays there.")


@bp.post("/<card_id>/enabling")
@needs(Permission.ISSUE_GIFT_CARDS, proof=True)
def enable(card_id: str) -> ResponseReturnValue:
    """Let a disabled card be used again."""
    return _switch(card_id, disabled=False, said="{} can be used again.")


@bp.post("/<card_id>/mail")
@needs(Permission.ISSUE_GIFT_CARDS, proof=True)
def send(card_id: str) -> ResponseReturnValue:
    """Mail a card with a new code; the code of before is of no use then."""
    card, form = _found(card_id, to_change=True), SendForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(card_id), sending=form, error=INVALID), 422
    if card.disabled_at is not None:
        db.session.rollback()
        return _page(_found(card_id), sending=form, error=DISABLED), 409
    service.send_again(db.session, card, letters().vault, str(form.email.data))
    db.session.commit()
    flash("A new code is on its way. The old code no longer works.")
    return redirect(url_for(".show", card_id=card_id), 303)


def _switch(card_id: str, *, disabled: bool, said: str) -> ResponseReturnValue:
    card, form = _found(card_id, to_change=True), ReasonForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(card_id), reasoning=form, error=INVALID), 422
    reason, actor = str(form.reason.data), signed_in().email
    if not set_disabled(db.session, card.id, disabled=disabled, actor=actor, reason=reason):
        db.session.rollback()
        return _page(_found(card_id), reasoning=form, error=CHANGED), 409
    db.session.commit()
    flash(said.format(card.name))
    return redirect(url_for(".show", card_id=card_id), 303)


def _issue_form(sent: MultiDict[str, str] | None = None) -> IssueForm:
    form, chosen = IssueForm(sent), settings()
    form.currency.choices = [(code, code) for code in chosen.currencies]
    form.zone = chosen.timezone
    form.today = datetime.now(ZoneInfo(chosen.timezone)).date()
    return form


def _found(typed: str, *, to_change: bool = False) -> GiftCard:
    card = queries.card(db.session, id_from(typed) or 0, to_change=to_change)
    if card is None:
        abort(404)
    return card


def _page(
    card: GiftCard,
    *,
    reasoning: ReasonForm | None = None,
    sending: SendForm | None = None,
    error: str | None = None,
) -> str:
    return render_template(
        "staff/gift_cards/show.html",
        card=card,
        ledger=queries.ledger(db.session, card),
        reasoning=reasoning or ReasonForm(),
        sending=sending or SendForm(data={"email": card.recipient_email}),
        may_change=signed_in().may(Permission.ISSUE_GIFT_CARDS),
        error=error,
    )
