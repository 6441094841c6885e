"""Many write into the audit log at once: one chain without gaps; and a code is used once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pyotp
from sqlalchemy import func, select, update

from models import SignIn
from models.audit_log import AuditEntry
from models.factor import Totp
from storefront.staff.audit import chain
from tests.browser import visit
from tests.factories import PASSWORD
from tests.staff import sign_in

ORIGIN = {"Origin": "http://localhost"}


def at_once(acts):
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_many_write_one_chain(app, session):
    clients = [app.test_client() for _ in range(4)]
    for client in clients:
        sign_in(client, session)

    def rename(client):
        return [
            client.post("/staff/me", data={"name": f"N {number}"}, headers=ORIGIN).status_code
            for number in range(5)
        ]

    answers = at_once([lambda client=client: rename(client) for client in clients])

    assert answers == [[303] * 5] * 4
    assert session.scalar(select(func.count(AuditEntry.number))) == 4 + 20
    with app.extensions["sessions"].read() as reader:
        chain.see_one_moment(reader)
        assert chain.broken(reader) is None


def test_one_code_signs_in_once(app, client, session):
    person = sign_in(client, session)
    page = visit(client, "/staff/me").submit("Add an app")
    device = pyotp.TOTP(page.main.find("code").get_text())
    page.submit("Add the app", code=device.now())
    session.execute(update(Totp).values(last_step=0))
    pages = [
        visit(app.test_client(), "/staff/login").submit(
            "Sign in", email=person.email, password=PASSWORD
        )
        for _ in range(3)
    ]
    code = device.now()

    answers = at_once(
        [
            lambda page=page: page.submit("Go on", follow=False, **{"proof-code": code}).status
            for page in pages
        ]
    )

    assert sorted(answers) == [303, 422, 422]
    assert session.scalar(select(func.count(SignIn.id))) == 2
