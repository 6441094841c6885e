"""Long work: staff see how far it is, whatever they open meanwhile, and what came of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models import Import, ImportKind, Job, Role, Task, TaskStatus, now
from storefront import tasks
from storefront.jobs.queue import BEAT_ID, TASK_ATTEMPTS
from storefront.jobs.worker import Worker
from storefront.staff.tasks.queries import SCREENS
from tests.browser import visit
from tests.staff import counted_statements, rows, sign_in


@pytest.fixture
def sessions(app):
    return app.extensions["sessions"]


def start(sessions, title="Import of stock.csv", actor="ada@example.org", kind="count"):
    with sessions.write.begin() as session:
        return tasks.start(session, kind, title, actor, {"to": 3}).id


def saved(session, task_id=None):
    found = select(Task).execution_options(populate_existing=True)
    return session.scalars(found if task_id is None else found.where(Task.id == task_id)).one()


def test_long_work_is_watched_from_its_start_to_its_result(client, session, sessions):
    sign_in(client, session)
    task_id = start(sessions)
    address = f"/staff/tasks/{task_id}"
    seen = []

    def count(sessions, payload):
        assert payload == {"to": 3, "task_id": task_id}
        seen.append(visit(client, address))
        tasks.step(sessions, task_id, 0, 3)
        tasks.step(sessions, task_id, 2, 3)
        seen.append(visit(client, address))
        return lambda session: tasks.finish(session, task_id, url="/staff/inventory")

    assert Worker(sessions, {"count": count}).work_off() == 1
    seen.append(visit(client, address))

    waiting, running, done = seen
    assert [page.heading for page in seen] == ["Import of stock.csv"] * 3
    assert "Waits for its turn." in waiting.text
    assert "2 of 3 done." in running.text
    bar = running.main.find("progress")
    assert (bar["value"], bar["max"], bar["aria-label"]) == ("2", "3", "Import of stock.csv")
    for page in (waiting, running):
        assert page.html.head.find("noscript").find("meta")["content"] == "3"
    assert done.html.head.find("noscript") is None
    assert "Done." in done.text
    assert done.link("See the result") == "/staff/inventory"
    row = saved(session)
    assert (row.status, row.done, row.total) == (TaskStatus.DONE, 3, 3)
    assert row.finished_at is not None


def test_a_script_is_told_the_same(client, session, sessions):
    sign_in(client, session)
    task_id = start(sessions)
    tasks.step(sessions, task_id, 1200, 10_000)

    answer = client.get(f"/staff/tasks/{task_id}.json")

    assert answer.json == {
        "status": "running",
        "words": "1,200 of 10,000 done.",
        "done": 1200,
        "total": 10_000,
        "is_over": False,
        "url": "",
        "error": "",
    }


def test_work_that_fails_says_why_in_words(client, session, sessions):
    sign_in(client, session)
    task_id = start(sessions)
    tasks.step(sessions, task_id, 7, 9)
    with sessions.write.begin() as writer:
        tasks.fail(writer, task_id, "Row 8 names <b>no</b> SKU. Mend it, and send the file again.")

    page = visit(client, f"/staff/tasks/{task_id}")

    assert "Failed after 7 of 9." in page.text
    assert "Row 8 names <b>no</b> SKU. Mend it, and send the file again." in page.text
    assert page.main.find(attrs={"data-result": True}).has_attr("hidden")


def test_work_that_breaks_off_again_and_again_fails(client, session, sessions):
    sign_in(client, session)
    task_id = start(sessions)

    def breaks(sessions, payload):
        message = "ada@example.org is secret"
        raise LookupError(message)

    worker = Worker(sessions, {"count": breaks})
    for _ in range(TASK_ATTEMPTS):
        assert saved(session).status is TaskStatus.WAITING
        assert worker.work_off() == 1
        session.execute(update(Job).values(run_at=now()))

    assert worker.work_off() == 0
    page = visit(client, f"/staff/tasks/{task_id}")
    assert "It broke off 3 times (LookupError), so it was given up." in page.text
    assert "secret" not in page.text
    assert saved(session).status is TaskStatus.FAILED


def test_what_is_over_does_not_begin_again(session, sessions):
    task_id = start(sessions)
    with sessions.write.begin() as writer:
        tasks.finish(writer, task_id, url="/staff/inventory")

    tasks.step(sessions, task_id, 1, 3)
    with sessions.write.begin() as writer:
        tasks.fail(writer, task_id, "Too late.")

    row = saved(session)
    assert (row.status, row.done, row.error) == (TaskStatus.DONE, 0, "")


def test_each_step_keeps_the_job_and_leaves_the_beat_to_who_writes_the_periodic_jobs(
    session, sessions
):
    """Who finds a fresh beat writes none: a long import would keep Stripe from being asked."""
    task_id = start(sessions)
    long_ago = now() - timedelta(hours=1)
    session.execute(update(Job).values(lease_until=long_ago))
    session.add(Job(id=BEAT_ID, kind="beat", key="beat", run_at=long_ago, done_at=long_ago))
    session.commit()

    tasks.step(sessions, task_id, 1, 3)

    assert session.scalar(select(Job.lease_until).where(Job.kind == "count")) > now()
    assert session.scalar(select(Job.run_at).where(Job.id == BEAT_ID)) == long_ago


def test_a_task_that_is_undone_with_its_cause_was_never_started(session, sessions):
    with sessions.write() as writer:
        tasks.start(writer, "count", "Never", "ada@example.org")
        writer.rollback()

    assert session.scalar(select(func.count(Task.id))) == 0
    assert session.scalar(select(func.count(Job.id))) == 0


def test_the_list_has_everybodys_or_ones_own_newest_first(app, client, session, sessions):
    me = sign_in(client, session)
    assert "No long work was started yet" in visit(client, "/staff/tasks").text
    start(sessions, "Mine", me.email)
    start(sessions, "Hers")
    with counted_statements(app) as with_two:
        page = visit(client, "/staff/tasks")

    assert [row[0] for row in rows(page)] == ["Hers", "Mine"]
    assert [row[0] for row in rows(page.follow("Yours"))] == ["Mine"]
    for number in range(60):
        start(sessions, f"Task {number}")
    with counted_statements(app) as with_many:
        page = visit(client, "/staff/tasks")
    assert len(rows(page)) == 50
    assert "Page 1 of 2" in page.text
    assert len(with_many) == len(with_two)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OWNER, ["Mine", "Unknown", "Export", "Links", "Picture", "Prices", "Stock"]),
        (Role.MANAGER, ["Mine", "Export", "Links", "Picture", "Prices", "Stock"]),
        (Role.FULFILMENT, ["Mine", "Stock"]),
        (Role.EDITOR, ["Mine", "Links", "Picture"]),
        (Role.SUPPORT, ["Mine"]),
    ],
)
def test_others_tasks_are_seen_by_who_may_open_their_screens(
    client, session, sessions, role, expected
):
    me = sign_in(client, session, role)
    ids = {}
    for kind in (ImportKind.STOCK, ImportKind.PRICES):
        title = kind.value.capitalize()
        ids[title] = start(sessions, title, kind="check-import")
        sent = Import(kind=kind, content="", actor="ada@example.org", task_id=ids[title])
        session.add(sent)
    session.commit()
    ids["Picture"] = start(sessions, "Picture", kind="make-pictures")
    ids["Links"] = start(sessions, "Links", kind="check-links")
    ids["Export"] = start(sessions, "Export", kind="write-export")
    ids["Unknown"] = start(sessions, "Unknown")
    ids["Mine"] = start(sessions, "Mine", me.email)

    listed = [row[0] for row in rows(visit(client, "/staff/tasks"))]

    assert listed == expected
    for title, task_id in ids.items():
        status = 200 if title in expected else 404
        assert client.get(f"/staff/tasks/{task_id}").status_code == status, title
        assert client.get(f"/staff/tasks/{task_id}.json").status_code == status, title


def test_every_kind_that_is_named_is_work_of_the_shop(app):
    assert set(SCREENS) <= set(app.extensions["handlers"])


@pytest.mark.parametrize("task_id", ["0", "9", "9223372036854775808", "x", "١"])
def test_a_task_that_is_not_there_is_not_found(client, session, task_id):
    sign_in(client, session)

    assert client.get(f"/staff/tasks/{task_id}").status_code == 404
    assert client.get(f"/staff/tasks/{task_id}.json").status_code == 404
