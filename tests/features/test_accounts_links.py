"""Links in mails: they sign in, choose a password and change an address, once and not for long."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models import (
    Consent,
    Customer,
    Mail,
    MailedLink,
    Order,
    SignIn,
    Subscriber,
    SubscriberStatus,
    now,
)
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_paid_order
from tests.features.account import let_proof_grow_old, mailed_link, mails, signed_in
from tests.features.test_accounts import register, sign_in

OVER = "This link no longer works"


def ask(client, email, page="/account/link", **typed):
    return visit(client, page).submit("Mail me a link", email=email, **typed)


def signed_in_count(session):
    return session.scalar(select(func.count(SignIn.id)))


def test_a_mailed_link_signs_in_by_its_button_once_and_looking_at_it_burns_nothing(client, session):
    customer = make_customer(session)
    order = make_paid_order(session, email=customer.email)
    ask(client, customer.email)
    link = mailed_link(session)

    for _ in range(2):  # a program that looks through mails
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert signed_in_count(session) == 0
    page = visit(client, link).submit("Sign in")

    assert page.heading == "Your orders"
    assert order.number in page.text
    again = app_of(client).test_client()
    over = visit(again, link)
    assert (over.status, over.heading) == (410, OVER)
    assert again.post(link).status_code == 410
    assert signed_in_count(session) == 1


def app_of(client):
    return client.application


def test_asking_says_the_same_and_writes_the_same_for_any_address(client, session):
    known, unproven = make_customer(session), make_customer(session, proven=False)

    pages = [ask(client, it) for it in (known.email, unproven.email, "nobody@example.org")]

    assert len({(page.status, page.text) for page in pages}) == 1
    assert all("Set-Cookie" not in page.response.headers for page in pages)
    written = mails(session, "account_link")
    assert [it.recipient for it in written] == [known.email, unproven.email, "nobody@example.org"]
    plain = {it.text.split("/account/link/")[0] for it in written}
    assert len(plain) == 1
    assert session.scalar(select(func.count(MailedLink.id))) == 3
    kept = session.scalars(select(MailedLink.token_sha256)).all()
    assert not any(digest in it.text for digest in kept for it in written)


def test_a_link_to_an_address_without_an_account_opens_one_without_a_password(client, session):
    ask(client, "new@example.org")
    page = visit(client, mailed_link(session))
    assert page.heading == "Create an account"
    assert session.scalar(select(func.count(Customer.id))) == 0

    page.submit("Create account")

    customer = session.scalars(select(Customer)).one()
    assert (customer.email, customer.password_hash) == ("new@example.org", None)
    assert customer.verified_at is not None
    assert sign_in(client, "new@example.org", "").status == 422
    assert sign_in(client, "new@example.org", PASSWORD).status == 422


def test_one_may_register_without_a_password(client, session):
    page = register(client, password="")

    assert page.heading == "Check your mail"
    visit(client, mailed_link(session)).submit("Create account")
    customer = session.scalars(select(Customer)).one()
    assert (customer.name, customer.password_hash) == ("Ada", None)


def test_a_password_chosen_by_a_stranger_before_the_proof_opens_nothing_after_it(client, session):
    register(client, password="the stranger's password")
    make_paid_order(session, email="ada@example.org")
    ask(client, "ada@example.org")

    page = visit(client, mailed_link(session)).submit("Create account")

    assert page.heading == "Your orders"
    assert session.scalars(select(Customer.password_hash)).one() is None
    stranger = app_of(client).test_client()
    assert sign_in(stranger, "ada@example.org", "the stranger's password").status == 422


@pytest.mark.parametrize("change", ["expired", "altered", "newer was used"])
def test_a_link_that_is_over_signs_nobody_in(client, session, change):
    customer = make_customer(session)
    ask(client, customer.email)
    link = mailed_link(session)
    if change == "expired":
        session.execute(update(MailedLink).values(expires_at=now() - timedelta(seconds=1)))
        session.commit()
    elif change == "altered":
        link = link[:-1] + ("A" if link[-1] != "A" else "B")
    else:
        ask(client, customer.email)
        visit(client, mailed_link(session)).submit("Sign in")
        client.post("/account/logout")

    assert visit(client, link).heading == OVER
    assert client.post(link).status_code == 410
    assert signed_in_count(session) == 0


def test_the_eleventh_link_to_an_address_in_a_quarter_of_an_hour_is_refused(app, session):
    statuses = []
    for number in range(12):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        statuses.append(ask(client, "ada@example.org").status)

    assert sorted(set(statuses)) == [200, 429]
    assert session.scalar(select(func.count(Mail.id))) == statuses.count(200) <= 20


def test_a_forgotten_password_is_chosen_anew_and_signs_everybody_else_out(client, app, session):
    customer, other = make_customer(session), app.test_client()
    sign_in(other, customer.email)
    asked = ask(client, customer.email, "/account/forgotten")
    nobody = ask(client, "nobody@example.org", "/account/forgotten")
    assert asked.text == nobody.text
    link = mailed_link_of(session, customer)

    weak = visit(client, link).submit("Save the password", password="password1")
    assert weak.status == 422
    assert "This is among the first passwords that are tried." in weak.errors()[0]
    page = weak.submit("Save the password", password="a fresh and long one")

    assert page.heading == "Your orders"
    assert visit(other, "/account/orders").heading == "Sign in"
    assert sign_in(other, customer.email).status == 422
    assert sign_in(other, customer.email, "a fresh and long one").heading == "Your orders"
    assert client.post(link, data={"password": "yet another long one"}).status_code == 410
    assert [it.recipient for it in mails(session, "account_changed")] == [customer.email]


def mailed_link_of(session, customer):
    found = [it for it in mails(session, "account_password") if it.recipient == customer.email]
    return "/account/link/" + found[0].text.split("/account/link/")[1].split()[0]


def test_a_new_address_counts_once_it_is_proven_and_takes_everything_along(client, app, session):
    customer, other = signed_in(client, session), app.test_client()
    sign_in(other, customer.email)
    old = customer.email
    order = make_paid_order(session, customer=customer, email=old)
    session.add_all(
        [
            Subscriber(email=old, status=SubscriberStatus.CONFIRMED),
        ]
    )
    session.commit()

    page = visit(client, "/account/details").submit("Mail a link to it", email="new@example.org")

    assert "We have sent a link to the new address." in page.text
    session.refresh(customer)
    assert customer.email == old
    link = mailed_link(session, "account_address")
    assert mails(session, "account_address")[0].recipient == "new@example.org"
    done = visit(client, link).submit("Use this address")
    assert "Your address is changed." in done.text
    session.expire_all()
    assert session.get(Customer, customer.id).email == "new@example.org"
    assert session.get(Order, order.id).email == "new@example.org"
    assert session.scalars(select(Subscriber.email)).one() == "new@example.org"
    (told,) = mails(session, "account_changed")
    assert told.recipient == old
    assert "The email address of your account was changed." in told.text
    assert visit(other, "/account/orders").heading == "Sign in"
    assert sign_in(other, old).status == 422


def test_a_new_address_works_in_her_own_browser_alone(client, app, session):
    customer, victim = signed_in(client, session), app.test_client()
    make_paid_order(session, email="victim@example.org")
    visit(client, "/account/details").submit("Mail a link to it", email="victim@example.org")
    link = mailed_link(session, "account_address")
    signed_in(victim, session)

    assert visit(app.test_client(), link).heading == "Sign in"
    assert visit(victim, link).status == 403
    assert victim.post(link).status_code == 403

    session.refresh(customer)
    assert customer.email != "victim@example.org"
    assert session.scalars(select(Order.customer_id)).one() is None


def test_an_address_with_an_account_of_its_own_is_not_taken_and_not_betrayed(client, session):
    owner, customer = make_customer(session), signed_in(client, session)
    taken = visit(client, "/account/details").submit("Mail a link to it", email=owner.email)
    taken_link = mailed_link(session, "account_address")
    free = visit(client, "/account/details").submit("Mail a link to it", email="free@example.org")
    assert taken.text == free.text

    page = visit(client, taken_link).submit("Use this address", follow=False)

    assert page.status == 409
    session.expire_all()
    assert session.get(Customer, customer.id).email == customer.email != owner.email
    mine = visit(client, "/account/details").submit("Mail a link to it", email=customer.email)
    assert (mine.status, mine.errors()) == (
        422,
        ["This is your address already. Enter another one."],
    )


def test_changing_the_address_needs_proof_and_what_was_typed_is_kept(client, session):
    signed_in(client, session)
    let_proof_grow_old(session)

    page = visit(client, "/account/details").submit("Mail a link to it", email="new@example.org")

    assert (page.status, page.heading) == (403, "Is it you?")
    assert mails(session, "account_address") == []
    wrong = page.submit("Go on", **{"proof-password": "not the password"})
    assert wrong.status == 422
    assert mails(session, "account_address") == []
    done = wrong.submit("Go on", **{"proof-password": PASSWORD})
    assert "We have sent a link to the new address." in done.text
    assert mails(session, "account_address")[0].recipient == "new@example.org"


def test_the_newsletter_of_the_new_address_keeps_what_it_said_itself(client, session):
    customer = signed_in(client, session)
    session.add_all(
        [
            Subscriber(email=customer.email, status=SubscriberStatus.CONFIRMED),
            Subscriber(email="new@example.org", status=SubscriberStatus.UNSUBSCRIBED),
        ]
    )
    session.commit()
    visit(client, "/account/details").submit("Mail a link to it", email="new@example.org")

    visit(client, mailed_link(session, "account_address")).submit("Use this address")

    statuses = dict(session.execute(select(Subscriber.email, Subscriber.status)).all())
    assert statuses == {"new@example.org": SubscriberStatus.UNSUBSCRIBED}
    assert session.scalar(select(func.count(Consent.id))) == 0
