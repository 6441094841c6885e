"""The addresses of the claim register."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Claim, now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.claims import forms, queries, service
from storefront.staff.claims.forms import ClaimForm, ReviewForm
from storefront.staff.claims.queries import Standing
from storefront.staff.links import UnknownNamesError
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.seen import seen_of

bp = Blueprint("claims", __name__, url_prefix="/claims")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this claim while you were editing. What you typed is still in the form. Save"
    " again to replace what was saved meanwhile."
)


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the claims, due ones first; ``?status=due`` or ``never`` and ``?text=`` choose."""
    return _list(forms.review_form(_today()))


def _list(
    review: ReviewForm, error: str | None = None, ticked: frozenset[int] = frozenset()
) -> str:
    texts, words = queries.texts(db.session), words_asked()
    sorting = sorting_asked(queries.COLUMNS, "review")
    status, text_of = request.args.get("status") or None, request.args.get("text", "")
    if status not in {None, *Standing} or text_of not in {"", *texts}:
        abort(404)
    asked = (words, Standing(status) if status else None, text_of)
    return render_template(
        "staff/claims/index.html",
        page=queries.claims(db.session, asked, _today(), sorting, page_number()),
        sorting=sorting,
        words=words,
        status=status,
        text_of=text_of,
        texts=texts,
        today=_today(),
        review=review,
        error=error,
        ticked=ticked,
    )


@bp.post("")
@needs(Permission.EDIT_CONTENT)
def review_all() -> ResponseReturnValue:
    """Note who held the chosen claims against their sources today; all of them or none."""
    form = forms.review_form(_today(), request.form)
    form.reviewed_on.data = _today().isoformat()
    ids = sorted({id_from(it) or 0 for it in request.form.getlist("claim")})
    chosen = queries.chosen(db.session, ids)
    if not form.validate() or not ids or len(chosen) != len(ids):
        db.session.rollback()
        lacks = "Choose at least one claim." if not ids else "One of these claims is gone."
        mistakes = [str(it) for field in form for it in field.errors] or [lacks]
        return _list(form, " ".join(mistakes), frozenset(ids)), 422
    again = forms.day_from(form.next_review.data)
    for claim in chosen:
        service.review(claim, str(form.reviewer.data), _today(), again)
    db.session.commit()
    flash(f"{len(chosen)} claim{'s are' if len(chosen) > 1 else ' is'} marked as reviewed today.")
    return redirect(url_for("staff.claims.index"), 303)


@bp.get("/new")
@needs(Permission.EDIT_CONTENT)
def new() -> str:
    """Show an empty claim; ``?text=`` says of which text."""
    form = _form(None)
    form.text_of.data = request.args.get("text") or None
    return _page(None, form)


@bp.post("/new")
@needs(Permission.EDIT_CONTENT)
def create() -> ResponseReturnValue:
    """Add a claim to the register."""
    form = _form(None, sent=True)
    if not form.validate():
        return _page(None, form, error=INVALID), 422
    return _save(Claim(), form)


@bp.get("/<claim_id>")
@needs(Permission.EDIT_CONTENT)
def show(claim_id: str) -> str:
    """Show a claim to edit, and to mark as reviewed."""
    claim = _found(claim_id)
    return _page(claim, _form(claim))


@bp.post("/<claim_id>")
@needs(Permission.EDIT_CONTENT)
def update(claim_id: str) -> ResponseReturnValue:
    """Save a claim."""
    claim = _found(claim_id, to_change=True)
    form = _form(claim, sent=True)
    if not form.validate():
        return _page(claim, form, error=INVALID), 422
    as_it_is = seen_of(forms.words_of(claim))
    if form.seen.data != as_it_is:
        form.seen.data = as_it_is
        return _page(claim, form, error=CHANGED), 409
    return _save(claim, form)


@bp.post("/<claim_id>/review")
@needs(Permission.EDIT_CONTENT)
def review(claim_id: str) -> ResponseReturnValue:
    """Note who held a claim against its sources."""
    claim = _found(claim_id, to_change=True)
    form = forms.review_form(_today(), request.form)
    if not form.validate():
        return _page(claim, _form(claim), review=form, error=INVALID), 422
    on, again = forms.day_from(form.reviewed_on.data), forms.day_from(form.next_review.data)
    service.review(claim, str(form.reviewer.data), on, again)
    db.session.commit()
    flash("The claim is marked as reviewed.")
    return redirect(url_for("staff.claims.index"), 303)


@bp.post("/<claim_id>/remove")
@needs(Permission.EDIT_CONTENT)
def remove(claim_id: str) -> ResponseReturnValue:
    """Take a claim out of the register."""
    db.session.delete(_found(claim_id, to_change=True))
    db.session.commit()
    flash("The claim is removed.")
    return redirect(url_for("staff.claims.index"), 303)


def _save(claim: Claim, form: ClaimForm) -> ResponseReturnValue:
    try:
        service.save(db.session, claim, form.draft())
    except UnknownNamesError as wrong:
        is_new = claim.id is None
        db.session.rollback()
        form.references.errors = [str(wrong)]
        return _page(None if is_new else _found(str(claim.id)), form, error=INVALID), 422
    db.session.commit()
    flash("The claim is saved.")
    return redirect(url_for("staff.claims.index"), 303)


def _found(typed: str, *, to_change: bool = False) -> Claim:
    claim = queries.claim(db.session, id_from(typed) or 0, to_change=to_change)
    if claim is None:
        abort(404)
    return claim


def _form(claim: Claim | None, *, sent: bool = False) -> ClaimForm:
    texts = queries.texts(db.session)
    return forms.claim_form(texts, claim, _today(), request.form if sent else None)


def _today() -> date:
    return now().astimezone(ZoneInfo(settings().timezone)).date()


def _page(
    claim: Claim | None,
    form: ClaimForm,
    *,
    review: ReviewForm | None = None,
    error: str | None = None,
) -> str:
    return render_template(
        "staff/claims/show.html",
        claim=claim,
        form=form,
        review=review or forms.review_form(_today()),
        names=queries.sources(db.session),
        error=error,
    )
