"""The addresses of people."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Invitation, Staff
from models.staff import Permission, Role
from storefront.extensions import db
from storefront.forms import id_from
from storefront.passwords import hash_password
from storefront.payments.access import letters
from storefront.signin import sign_in
from storefront.staff.access import needs, open_to_all, signed_in
from storefront.staff.audit.noting import note
from storefront.staff.own import factors
from storefront.staff.people import queries, service
from storefront.staff.people.forms import AcceptForm, InviteForm, RoleForm
from storefront.staff.people.service import Team

bp = Blueprint("people", __name__, url_prefix="/people")

IS_STAFF = "This address is staff already. Find it in the list below."
NOT_YOURSELF = "Nobody changes her own role or switches herself off. Ask another owner."
NO_OWNER = "You are no longer an owner. Nothing was changed."
BAD_LINK = (
    "This link opens nothing: it was used, replaced by a newer one, or is not whole. Ask an owner"
    " of the shop to invite you again."
)
EXPIRED = "This link is older than seven days. Ask an owner of the shop to invite you again."


@bp.get("")
@needs(Permission.MANAGE_STAFF)
def index() -> str:
    """List who works here and who is invited."""
    return _page(InviteForm())


@bp.get("/permissions")
@needs(Permission.MANAGE_STAFF)
def permissions() -> str:
    """Show what each role may do, from the table that decides it."""
    return render_template(
        "staff/people/permissions.html", roles=list(Role), rows=queries.permissions()
    )


@bp.post("/invitations")
@needs(Permission.MANAGE_STAFF, proof=True)
def invitations_create() -> ResponseReturnValue:
    """Invite somebody by mail."""
    form = InviteForm(request.form)
    if not form.validate():
        return _page(form), 422
    email = str(form.email.data)
    try:
        _team().invite(email, form.chosen())
    except service.IsStaffError:
        db.session.rollback()
        form.email.errors = [IS_STAFF]
        return _page(form), 422
    except service.NoOwnerError:
        abort(403, NO_OWNER)
    db.session.commit()
    flash(f"{email} is invited. The link works for seven days.")
    return redirect(url_for("staff.people.index"), 303)


@bp.post("/invitations/<invitation_id>/remove")
@needs(Permission.MANAGE_STAFF)
def invitation_remove(invitation_id: str) -> ResponseReturnValue:
    """Take an invitation back."""
    if not _team().withdraw(id_from(invitation_id) or 0):
        abort(404)
    db.session.commit()
    flash("The invitation is taken back.")
    return redirect(url_for("staff.people.index"), 303)


@bp.get("/invitations/<token>")
@open_to_all
def invitation(token: str) -> str:
    """Show who is invited the form for her account; nothing is changed by looking."""
    return _accept_page(_invited(token), AcceptForm())


@bp.post("/invitations/<token>")
@open_to_all
def invitation_accept(token: str) -> ResponseReturnValue:
    """Make the account, once, and sign in."""
    found, form = _invited(token), AcceptForm(request.form)
    form.email = found.email
    if not form.validate():
        return _accept_page(found, form), 422
    db.release()  # nobody waits for the database while a password is hashed
    password_hash = hash_password(str(form.password.data))
    try:
        person = service.accept(db.session, token, str(form.name.data), password_hash)
    except (service.BadInvitationError, service.ExpiredError):
        db.session.rollback()
        abort(404, BAD_LINK)
    sign_in(person)
    note(person, "became staff")
    db.session.commit()
    flash("Your account is ready.")
    return redirect(url_for("staff.today.show"), 303)


@bp.get("/<person_id>")
@needs(Permission.MANAGE_STAFF)
def show(person_id: str) -> str:
    """Show somebody, her role and her devices."""
    person = queries.person(db.session, id_from(person_id) or 0)
    if person is None:
        abort(404)
    return _person_page(person)


@bp.post("/<person_id>/role")
@needs(Permission.MANAGE_STAFF, proof=True)
def role_update(person_id: str) -> ResponseReturnValue:
    """Give somebody else another role."""
    form, found = RoleForm(request.form), id_from(person_id) or 0
    if not form.validate():
        return _person_page(queries.person(db.session, found) or abort(404), form), 422
    return _done(found, lambda team: team.give_role(found, form.chosen()), "{} has the role now.")


@bp.post("/<person_id>/off")
@needs(Permission.MANAGE_STAFF, proof=True)
def off(person_id: str) -> ResponseReturnValue:
    """Let somebody else in no more."""
    found = id_from(person_id) or 0
    return _done(found, lambda team: team.switch(found, is_active=False), "{} is switched off.")


@bp.post("/<person_id>/on")
@needs(Permission.MANAGE_STAFF, proof=True)
def on(person_id: str) -> ResponseReturnValue:
    """Let somebody in again."""
    found = id_from(person_id) or 0
    return _done(found, lambda team: team.switch(found, is_active=True), "{} is switched on.")


@bp.post("/<person_id>/factors/remove")
@needs(Permission.MANAGE_STAFF, proof=True)
def factors_remove(person_id: str) -> ResponseReturnValue:
    """Forget somebody's devices and codes."""
    found = id_from(person_id) or 0
    return _done(found, lambda team: team.reset_factors(found), "{}'s devices are removed.")


def _done(found: int, change: Callable[[Team], Staff | None], said: str) -> ResponseReturnValue:
    """Change somebody else, and go back to her page."""
    try:
        person = change(_team())
    except service.OwnSelfError:
        db.session.rollback()
        own = queries.person(db.session, found)
        return _person_page(own or abort(404), error=NOT_YOURSELF), 409
    except service.NoOwnerError:
        abort(403, NO_OWNER)
    if person is None:
        abort(404)
    db.session.commit()
    flash(said.format(person.email))
    return redirect(url_for("staff.people.show", person_id=person.id), 303)


def _team() -> Team:
    return Team(db.session, signed_in(), letters())


def _invited(token: str) -> Invitation:
    try:
        return service.invitation(db.session, token)
    except service.BadInvitationError:
        abort(404, BAD_LINK)
    except service.ExpiredError:
        abort(410, EXPIRED)


def _page(form: InviteForm) -> str:
    return render_template(
        "staff/people/index.html",
        people=queries.people(db.session),
        invitations=queries.invitations(db.session),
        form=form,
    )


def _person_page(person: Staff, form: RoleForm | None = None, error: str | None = None) -> str:
    return render_template(
        "staff/people/show.html",
        colleague=person,
        is_self=person.id == signed_in().id,
        factors=factors.of(db.session, person.id),
        form=form or RoleForm(role=person.role.value),
        error=error,
    )


def _accept_page(found: Invitation, form: AcceptForm) -> str:
    return render_template("staff/people/accept.html", invitation=found, form=form)
