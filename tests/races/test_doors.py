"""What opens the back office once is tried by several at once: it opens for one of them."""

from sqlalchemy import func, select

from models import SignIn, Staff
from tests.browser import visit
from tests.features.test_staff_factors import add_app, again
from tests.features.test_staff_people import NEW, invite
from tests.payments.steps import at_once
from tests.races.desks import press
from tests.staff import sign_in


def test_a_recovery_code_that_three_type_at_once_lets_one_in(app, client, session):
    person = sign_in(client, session)
    _, codes = add_app(client)
    pages = [again(app, person)[1] for _ in range(3)]

    answers = at_once(*[press(page, "Go on", **{"proof-code": codes[0]}) for page in pages])

    assert sorted(answers) == [303, 422, 422]
    assert session.scalar(select(func.count(SignIn.id))) == 2


def test_an_invitation_that_three_accept_at_once_makes_one_account(app, client, session):
    sign_in(client, session)
    url = invite(client, session)
    pages = [visit(app.test_client(), url) for _ in range(3)]

    answers = at_once(
        *[
            press(page, "Create account", name=f"Ann {place}", password=NEW)
            for place, page in enumerate(pages)
        ]
    )

    assert sorted(answers) == [303, 404, 404]
    assert session.scalar(select(func.count(Staff.id))) == 2
    assert session.scalar(select(func.count(SignIn.id))) == 2
