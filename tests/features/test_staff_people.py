"""Who works here: invited, given a role, switched off; and where each is signed in."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from models import Invitation, Mail, Role, SignIn, Staff, now
from models.staff import PERMISSIONS, Permission
from tests.browser import visit
from tests.factories import PASSWORD, make_staff
from tests.staff import counted_statements, rows, sign_in

PEOPLE = "/staff/people"
NEW = "a new password"


def state(session):
    return [
        (it.email, it.role, it.is_active)
        for it in session.scalars(
            select(Staff).order_by(Staff.email).execution_options(populate_existing=True)
        )
    ]


def invite(client, session, email="new@example.com", role="fulfilment"):
    page = visit(client, PEOPLE).submit("Send the invitation", email=email, role=role)
    assert f"{email} is invited." in page.text, page.text
    return link(session)


def link(session):
    mail = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    return re.search(r"http://localhost(/staff/people/invitations/\S+)", mail.text)[1]


def signed_in(session, person):
    return session.scalar(select(func.count(SignIn.id)).where(SignIn.staff_id == person.id))


def test_who_is_invited_chooses_name_and_password_and_is_in(app, client, session):
    sign_in(client, session)
    url = invite(client, session)
    assert session.scalar(select(func.count(Staff.id))) == 1
    new = app.test_client()

    page = visit(new, url).submit("Create account", name="Ada <b>", password=NEW)

    assert page.heading == "Today"
    made = session.scalars(select(Staff).filter_by(email="new@example.com")).one()
    assert (made.name, made.role, made.is_active) == ("Ada <b>", Role.FULFILMENT, True)
    assert session.scalars(select(Invitation)).all() == []
    again = visit(new, url)
    assert again.status == 404
    assert "it was used" in again.text


@pytest.mark.parametrize(
    ("name", "password", "errors"),
    [
        ("", NEW, ["Enter your name."]),
        ("Ada", "short", ["Choose 8 to 200 characters."]),
        ("Ada", "new@example.com", ["Choose something other than your email address."]),
        ("a" * 201, NEW, ["At most 200 characters."]),
        ("a\0b", NEW, ["Remove the characters that cannot be read."]),
    ],
)
def test_what_is_wrong_in_an_acceptance_is_said_beside_the_field(
    app, client, session, name, password, errors
):
    sign_in(client, session)
    url = invite(client, session)

    page = visit(app.test_client(), url).submit("Create account", name=name, password=password)

    assert page.status == 422
    assert page.errors() == errors
    assert session.scalar(select(func.count(Staff.id))) == 1


def test_a_newer_invitation_replaces_the_older(app, client, session):
    sign_in(client, session)
    old = invite(client, session)

    new = invite(client, session, role="editor")

    assert visit(app.test_client(), old).status == 404
    assert "invited as editor" in visit(app.test_client(), new).text
    assert session.scalar(select(func.count(Invitation.id))) == 1


def test_an_invitation_ends_after_seven_days_or_when_it_is_taken_back(app, client, session):
    sign_in(client, session)
    url = invite(client, session)
    session.execute(update(Invitation).values(expires_at=now() - timedelta(seconds=1)))
    page = visit(app.test_client(), url)
    assert page.status == 410
    assert "older than seven days" in page.text

    session.execute(update(Invitation).values(expires_at=now() + timedelta(days=1)))
    visit(client, PEOPLE).submit("Take back")

    assert visit(app.test_client(), url).status == 404


@pytest.mark.parametrize("act", ["role", "off"])
def test_the_invitations_of_who_is_no_owner_any_more_open_nothing(app, client, session, act):
    sign_in(client, session)
    other = app.test_client()
    gone = sign_in(other, session)
    hers = invite(other, session, "back-door@example.com", "owner")
    ours = invite(client, session)

    page = visit(client, f"{PEOPLE}/{gone.id}")
    page.submit("Save", role="editor") if act == "role" else page.submit("Switch off")

    assert visit(app.test_client(), hers).status == 404
    assert visit(app.test_client(), ours).status == 200


@pytest.mark.parametrize("token", ["none", "ü" * 2000, "%00", "..%2f", "=cmd()"])
def test_a_wrong_link_opens_nothing(client, session, token):
    assert visit(client, f"{PEOPLE}/invitations/{token}").status == 404


def test_who_works_here_is_not_invited_again(client, session):
    person = sign_in(client, session)

    page = visit(client, PEOPLE).submit("Send the invitation", email=person.email.upper())

    assert page.status == 422
    assert page.errors() == ["This address is staff already. Find it in the list below."]
    assert session.scalars(select(Invitation)).all() == []


def test_a_new_role_ends_her_sign_ins_and_is_mailed(app, client, session):
    sign_in(client, session)
    other = app.test_client()
    person = sign_in(other, session, Role.EDITOR)

    page = visit(client, f"{PEOPLE}/{person.id}").submit("Save", role="support")

    assert page.status == 200
    assert (person.email, Role.SUPPORT, True) in state(session)
    assert signed_in(session, person) == 0
    assert visit(other, "/staff").heading == "Sign in"
    mail = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert (mail.recipient, "Your role is support now." in mail.text) == (person.email, True)


def test_who_is_switched_off_is_out_and_may_come_back(app, client, session):
    sign_in(client, session)
    other = app.test_client()
    person = sign_in(other, session, Role.EDITOR)

    page = visit(client, f"{PEOPLE}/{person.id}").submit("Switch off")

    assert visit(other, "/staff").heading == "Sign in"
    login = visit(other, "/staff/login")
    assert login.submit("Sign in", email=person.email, password=PASSWORD).status == 422
    page.submit("Switch on")
    assert login.submit("Sign in", email=person.email, password=PASSWORD).heading == "Today"


@pytest.mark.parametrize("act", ["role", "off", "on", "factors/remove"])
def test_nobody_changes_herself(client, session, act):
    person = sign_in(client, session)
    before = state(session)

    response = client.post(
        f"{PEOPLE}/{person.id}/{act}",
        data={"role": "editor"},
        headers={"Origin": "http://localhost"},
    )

    assert response.status_code == 409
    assert "Nobody changes her own role" in response.text
    assert state(session) == before


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999", "12345"])
def test_nobody_such_is_not_found(client, session, number):
    sign_in(client, session)

    assert visit(client, f"{PEOPLE}/{number}").status == 404
    response = client.post(f"{PEOPLE}/{number}/off", headers={"Origin": "http://localhost"})
    assert response.status_code == 404


def test_two_owners_who_demote_each_other_leave_one(app, session):
    clients, owners = [], []
    for _ in range(2):
        clients.append(app.test_client())
        owners.append(sign_in(clients[-1], session))
    start = Barrier(2)

    def demote(at):
        start.wait()
        return (
            clients[at]
            .post(
                f"{PEOPLE}/{owners[1 - at].id}/role",
                data={"role": "editor"},
                headers={"Origin": "http://localhost"},
            )
            .status_code
        )

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(demote, range(2)))

    assert answers in ([303, 303], [303, 403])
    assert sorted(role for _, role, _ in state(session)) == [Role.EDITOR, Role.OWNER]


def test_a_password_is_changed_on_the_strength_of_the_old_one(app, client, session):
    person = sign_in(client, session)
    other = app.test_client()
    visit(other, "/staff/login").submit("Sign in", email=person.email, password=PASSWORD)
    me = visit(client, "/staff/me")

    wrong = me.submit("Change password", old="a guess", password=NEW)
    assert (wrong.status, wrong.errors()) == (422, ["That is not your old password."])
    own = me.submit("Change password", old=PASSWORD, password=person.email)
    assert own.errors() == ["Choose something other than your email address."]
    page = me.submit("Change password", old=PASSWORD, password=NEW)

    assert page.heading == "Your account"
    assert visit(other, "/staff").heading == "Sign in"
    login = visit(other, "/staff/login")
    assert login.submit("Sign in", email=person.email, password=PASSWORD).status == 422
    assert login.submit("Sign in", email=person.email, password=NEW).heading == "Today"


def test_sign_ins_are_listed_in_words_and_ended_one_by_one_or_all(app, client, session):
    person = sign_in(client, session)
    agents = ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "curl\x01"]
    others = [app.test_client() for _ in agents]
    for other, agent in zip(others, agents, strict=True):
        other.post(
            "/staff/login",
            data={"email": person.email, "password": PASSWORD},
            headers={"Origin": "http://localhost", "User-Agent": agent},
        )
    stranger = sign_in(app.test_client(), session)

    page = visit(client, "/staff/me")
    names = [row[0] for row in rows(page)]
    assert sorted(names) == ["A browser", "A browser This one", "Firefox on Linux"]
    page = page.submit("Sign out there", nth=names.index("Firefox on Linux") - ("This" in names[0]))
    assert visit(others[0], "/staff").heading == "Sign in"
    page.submit("Sign out everywhere else")
    assert visit(others[1], "/staff").heading == "Sign in"
    assert visit(client, "/staff").heading == "Today"
    theirs = session.scalars(select(SignIn.id).filter_by(staff_id=stranger.id)).one()
    forged = client.post(
        f"/staff/me/sign-ins/{theirs}/remove", headers={"Origin": "http://localhost"}
    )
    assert forged.status_code == 404
    assert signed_in(session, stranger) == 1


def test_the_permissions_are_shown_as_they_are_checked(client, session):
    sign_in(client, session)

    found = rows(visit(client, f"{PEOPLE}/permissions"))

    assert len(found) == len(Permission)
    for cells, permission in zip(found, Permission, strict=True):
        held = ["Yes" if permission in PERMISSIONS[role] else "–" for role in Role]
        assert cells == [permission.value.capitalize(), *held]


def test_the_list_asks_as_much_for_many_as_for_few(app, client, session):
    sign_in(client, session)
    with counted_statements(app) as few:
        visit(client, PEOPLE)
    for _ in range(10):
        make_staff(session, role=Role.EDITOR)
    with counted_statements(app) as many:
        page = visit(client, PEOPLE)

    assert len(rows(page)) == 11
    assert len(many) == len(few)
