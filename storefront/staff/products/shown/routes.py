"""The address of what is shown with a product."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import HiddenField

from models import Article, Product, Tutorial
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import Form
from storefront.staff.access import needs
from storefront.staff.links import UnknownNamesError
from storefront.staff.products.found import CHANGED, INVALID, found
from storefront.staff.products.shown import service
from storefront.staff.seen import ChangedMeanwhileError, differences, seen_of
from storefront.staff.typed import LinesField

bp = Blueprint("shown", __name__)
MOST_NAMES = 200


class ShownForm(Form):
    """Handles of tutorials and articles, one a line. seen: a digest of them as shown."""

    tutorials = LinesField(
        "Tutorials",
        description="Handles, one a line. They stand in the order of the list of tutorials.",
        render_kw={"rows": 5, "spellcheck": "false"},
    )
    articles = LinesField(
        "Articles",
        description="Handles, one a line. The newest comes first.",
        render_kw={"rows": 5, "spellcheck": "false"},
    )
    seen = HiddenField()


@bp.get("/<handle>/shown")
@needs(Permission.EDIT_CATALOG)
def show(handle: str) -> str:
    """Show which tutorials and articles are shown with a product."""
    product = found(handle)
    draft = service.draft_of(db.session, product)
    words = {"tutorials": "\n".join(draft.tutorials), "articles": "\n".join(draft.articles)}
    return _page(product, ShownForm(data={**words, "seen": seen_of(draft.words)}))


@bp.post("/<handle>/shown")
@needs(Permission.EDIT_CATALOG)
def update(handle: str) -> ResponseReturnValue:
    """Save them."""
    product, form = found(handle, to_change=True), ShownForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(found(handle), form, error=INVALID), 422
    draft = service.Draft(form.tutorials.lines, form.articles.lines)
    try:
        service.save(db.session, product, draft, seen_before=form.seen.data or "")
    except UnknownNamesError as wrong:
        db.session.rollback()
        form[wrong.field].errors = [str(wrong)]
        return _page(found(handle), form, error=INVALID), 422
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = found(handle)
        now = service.draft_of(db.session, saved)
        form.seen.data = seen_of(now.words)
        theirs = differences(now.words, draft.words)
        return _page(saved, form, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash("What is shown with it is saved.")
    return redirect(url_for(".show", handle=handle), 303)


def _names() -> dict[str, list[tuple[str, str]]]:
    kinds = {
        "Tutorials": select(Tutorial.handle, Tutorial.title).order_by(Tutorial.position),
        "Articles": select(Article.handle, Article.title).order_by(Article.title).limit(MOST_NAMES),
    }
    return {
        kind: [(row[0], row[1]) for row in db.session.execute(wanted)]
        for kind, wanted in kinds.items()
    }


def _page(
    product: Product,
    form: ShownForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/products/shown.html",
        product=product,
        form=form,
        names=_names(),
        error=error,
        theirs=theirs or {},
    )
