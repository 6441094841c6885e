"""What a customer may do once is done from several windows at once: it happens once."""

from sqlalchemy import func, select

from models import Address, Customer, LinkPurpose, MailedLink, SignIn
from tests.browser import visit
from tests.factories import PASSWORD
from tests.features.account import mailed_link, mails, signed_in
from tests.features.test_accounts import sign_in
from tests.features.test_accounts_things import PLACE
from tests.payments.steps import at_once
from tests.races.desks import press


def test_a_mailed_link_that_three_use_at_once_signs_one_in(app, client, session):
    visit(client, "/account/link").submit("Mail me a link", email="ada@example.org")
    link = mailed_link(session)
    pages = [visit(app.test_client(), link) for _ in range(3)]

    answers = at_once(*[press(page, "Create account") for page in pages])

    assert sorted(answers) == [303, 410, 410]
    assert session.scalar(select(func.count(SignIn.id))) == 1
    assert session.scalar(select(func.count(Customer.id))) == 1


def test_an_address_that_two_customers_prove_at_once_becomes_the_address_of_one(app, session):
    pages = []
    for _ in range(2):
        client = app.test_client()
        signed_in(client, session)
        visit(client, "/account/details").submit("Mail a link to it", email="new@example.org")
        pages.append(visit(client, mailed_link(session, "account_address")))

    answers = at_once(*[press(page, "Use this address") for page in pages])

    # The second finds its link void, or the address taken.
    assert min(answers) == 303
    assert max(answers) in {409, 410}
    new = select(func.count(Customer.id)).where(Customer.email == "new@example.org")
    assert session.scalar(new) == 1
    assert len(mails(session, "account_changed")) == 1
    open_links = select(MailedLink.purpose).where(MailedLink.used_at.is_(None))
    assert set(session.scalars(open_links)) <= {LinkPurpose.ADDRESS}


def test_of_addresses_that_several_windows_put_first_at_once_one_is_first(app, client, session):
    customer = signed_in(client, session)
    windows = [app.test_client() for _ in range(3)]
    for window in windows:
        sign_in(window, customer.email, PASSWORD)
    pages = [visit(window, "/account/addresses/new") for window in windows]

    typed = {**PLACE, "country": "US", "is_default": "y"}
    answers = at_once(*[press(page, "Save", nth=1, **typed) for page in pages])

    assert answers == [303, 303, 303]
    assert session.scalar(select(func.count(Address.id))) == 3
    assert session.scalar(select(func.count(Address.id)).where(Address.is_default)) == 1
