"""The audit log: what staff did, sealed, and what shows that somebody touched it."""

import re

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from models import Mail, Role, SignIn
from models.audit_log import AuditEntry, AuditHead
from storefront.staff.audit import chain
from tests.browser import visit
from tests.factories import PASSWORD, make_paid_order, make_product, make_staff, make_variant
from tests.staff import counted_statements, sign_in

WHOLE = None


def entries(session):
    found = session.scalars(
        select(AuditEntry).order_by(AuditEntry.number).execution_options(populate_existing=True)
    ).all()
    return [(it.actor, it.role, it.act, it.subject, it.before, it.after) for it in found]


def broken(app):
    with app.extensions["sessions"].read() as session:
        chain.see_one_moment(session)
        return chain.broken(session)


def disarm(session):
    """What somebody does who may do anything in the database."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER audit_entries_no_update"))
        session.execute(text("DROP TRIGGER audit_entries_no_delete"))
    else:
        session.execute(text("DROP TRIGGER audit_entries_stay ON audit_entries"))


def some_entries(client, session, count=3):
    person = sign_in(client, session)
    page = visit(client, "/staff/me")
    for number in range(count - 1):
        page.submit("Save", name=f"Name {number}")
    assert session.scalar(select(func.count(AuditEntry.number))) == count
    return person


def test_a_change_is_written_with_before_and_after(app, client, session):
    person = sign_in(client, session, Role.MANAGER)

    visit(client, "/staff/me").submit("Save", name="Ada <b>")

    key = f"staff:{person.id}"
    assert entries(session) == [
        (
            *(person.email, "manager", "staff.session.create", "/staff/login"),
            *({}, {"result": "signed in"}),
        ),
        (
            *(person.email, "manager", "staff.own.update", "/staff/me"),
            *({key: {"name": "Staff"}}, {key: {"name": "Ada <b>"}}),
        ),
    ]
    assert broken(app) is WHOLE


def test_a_count_of_stock_is_written_in_the_transaction_of_its_ledger(client, session):
    person = sign_in(client, session)
    make_variant(session, product=make_product(session), sku="TOOL", on_hand=3)

    visit(client, "/staff/inventory/TOOL").submit(
        "Adjust stock", quantity="-1", reason="Broken on the way"
    )

    actor, _, act, subject, _, after = entries(session)[-1]
    assert (actor, subject) == (person.email, "/staff/inventory/TOOL/movements"), (act, after)
    moved = [held for row, held in after.items() if row.startswith("stock_movements:")]
    assert [it["reason"] for it in moved] == ["Broken on the way"]


def test_what_is_refused_changed_nothing_and_is_not_written_as_a_change(client, session):
    sign_in(client, session)

    assert visit(client, "/staff/me").submit("Save", name="").status == 422

    assert [it[2] for it in entries(session)] == ["staff.session.create"]


def test_a_refusal_is_written(client, session):
    person = sign_in(client, session, Role.EDITOR)

    assert visit(client, "/staff/audit").status == 403

    assert entries(session)[-1] == (
        *(person.email, "editor", "staff.audit.index", "/staff/audit", {}),
        {"result": "refused"},
    )


def test_sign_ins_are_written_without_naming_who_is_not_known(client, session):
    person = make_staff(session)
    login = visit(client, "/staff/login")

    login.submit("Sign in", email="stranger@example.com", password=PASSWORD)
    login.submit("Sign in", email=person.email, password="a guess")

    assert [(it[0], it[5]) for it in entries(session)] == [
        ("somebody unknown", {"result": "wrong password"}),
        (person.email, {"result": "wrong password"}),
    ]


def test_an_export_is_written(client, session):
    person = sign_in(client, session, Role.MANAGER)

    visit(client, "/staff/newsletter/subscribers.csv")

    assert entries(session)[-1] == (
        *(person.email, "manager", "staff.newsletter.export"),
        *("/staff/newsletter/subscribers.csv", {}, {"result": "given"}),
    )


def test_secrets_are_not_kept(client, session):
    person = sign_in(client, session)

    visit(client, "/staff/me").submit("Change password", old=PASSWORD, password="a new password")

    (before, after), key = entries(session)[-1][4:], f"staff:{person.id}"
    assert before == {key: {"password_hash": "(not shown)"}}
    assert after[key] == {"password_hash": "(not shown)"}


def test_nothing_of_a_buyer_and_no_link_is_kept(app, client, session):
    sign_in(client, session)
    order = make_paid_order(session, email="ann@example.com")
    saved = {"screen": "orders", "title": "Ann", "query": "q=ann%40example.com"}
    visit(client, f"/staff/orders/{order.number}").submit("Issue the invoice")
    visit(client, f"/staff/orders/{order.number}").submit("Refund", amount="1", reason="Ann fell")
    for address, typed in (
        ("/staff/views", saved),
        ("/staff/customers/segments?q=ann@example.com", {"title": "Some"}),
        ("/staff/customers/ann@example.com/file", {}),
        ("/staff/people/invitations", {"email": "new@example.com", "role": "support"}),
    ):
        client.post(address, data=typed, headers={"Origin": "http://localhost"})
    mail = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    link = re.search(r"http://localhost(/staff/people/invitations/(\S+))", mail.text)
    new = {"name": "New", "password": "a new password", "again": "a new password"}
    app.test_client().post(link[1], data=new, headers={"Origin": "http://localhost"})

    kept = str(entries(session))

    for act in ("documents.create", "refunds.create", "views.create", "segments_create"):
        assert act in kept, act
    assert "became staff" in kept
    for secret in ("ann@", "ann%40", "Ann fell", "Example Street", "Demo Buyer", link[2]):
        assert secret not in kept, secret


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET actor = 'x'", "DELETE FROM audit_entries"]
)
def test_the_database_refuses_to_change_it(app, client, session, statement):
    some_entries(client, session)

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))

    assert broken(app) is WHOLE


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_entries SET actor = 'x' WHERE number = 2", "entry 2 was changed"),
        ("UPDATE audit_entries SET created_at = '2026-01-01' WHERE number = 1", "entry 1 was"),
        ("DELETE FROM audit_entries WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entries WHERE number = 1", "entry 1 is missing"),
        ("DELETE FROM audit_entries WHERE number = 4", "entry 4 is missing"),
        ("DELETE FROM audit_entries", "entry 1 is missing"),
        ("DELETE FROM audit_heads", "the row that says where the log ends is gone"),
        ("UPDATE audit_heads SET number = 3", "entry 4 is missing: the log should end at 3"),
    ],
)
def test_whoever_touches_it_is_found_out(app, client, session, statement, said):
    some_entries(client, session, 4)
    disarm(session)
    if "created_at" in statement and session.get_bind().dialect.name == "sqlite":
        statement = statement.replace("2026-01-01", "2026-01-01 00:00:00.000000")

    session.execute(text(statement))

    session.expire_all()
    assert (broken(app) or "").startswith(said), broken(app)
    result = app.test_cli_runner().invoke(args=["verify-audit"])
    assert result.exit_code == 1
    assert said in result.output


def test_a_fork_is_found_out(client, session):
    some_entries(client, session, 4)
    disarm(session)
    head = session.execute(select(AuditHead.number, AuditHead.digest)).one()
    third = session.scalars(select(AuditEntry.digest).where(AuditEntry.number == 3)).one()
    session.execute(text("DELETE FROM audit_entries WHERE number = 4"))
    session.execute(text("UPDATE audit_heads SET number = 3, digest = :it"), {"it": third})

    visit(client, "/staff/me").submit("Save", name="Another past")

    now_there = session.execute(select(AuditHead.number, AuditHead.digest)).one()
    assert now_there.number == head.number
    assert now_there.digest != head.digest  # the line that was kept elsewhere says so


def test_the_command_proves_it(app, client, session):
    some_entries(client, session)

    result = app.test_cli_runner().invoke(args=["verify-audit"])

    last = session.scalars(select(AuditHead.digest)).one()
    assert result.exit_code == 0
    assert result.output == f"The audit log is whole: 3 entries, the last is {last}.\n"


def test_commands_that_change_something_are_written(app, session):
    make_variant(session, product=make_product(session), sku="TOOL", on_hand=3)

    app.test_cli_runner().invoke(args=["stock", "set", "TOOL", "5", "--reason", "Counted"])

    actor, _, act, subject, _, _ = entries(session)[-1]
    assert (actor, act, subject) == ("command line", "flask set", "TOOL")


def test_it_is_listed_by_actor_act_and_subject_and_shown_side_by_side(client, session):
    person = some_entries(client, session)

    page = visit(client, "/staff/audit?q=/staff/me")
    assert "own.update" in page.text
    assert "session.create" not in page.text
    assert (
        visit(client, f"/staff/audit?actor={person.email}&act=staff.own.update").text.count(
            "own.update"
        )
        >= 2
    )
    assert "Nothing is like that" in visit(client, "/staff/audit?actor=nobody").text
    shown = visit(client, "/staff/audit/3")
    assert shown.heading == "Entry 3"
    assert "name Name 0 Name 1" in shown.text
    assert visit(client, "/staff/audit/99999999999").status == 404
    assert visit(client, "/staff/audit?since=never").status == 422


def test_the_list_asks_as_much_for_many_as_for_few(app, client, session):
    some_entries(client, session, 3)
    with counted_statements(app) as few:
        visit(client, "/staff/audit")
    page = visit(client, "/staff/me")
    for number in range(10):
        page.submit("Save", name=f"More {number}")
    with counted_statements(app) as many:
        visit(client, "/staff/audit")

    assert len(many) == len(few)


def test_writing_costs_three_statements(app, client, session):
    sign_in(client, session)
    page = visit(client, "/staff/me")
    with counted_statements(app) as seen:
        page.submit("Save", follow=False, name="Ada")

    assert sum("audit_" in statement for statement in seen) == 3
    assert session.scalar(select(func.count(SignIn.id))) == 1
