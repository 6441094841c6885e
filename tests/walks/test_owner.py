"""An owner's morning, without a script: somebody new is let in, gets a role, and it is logged."""

import re

import pyotp
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from models import Mail, Role, Staff
from storefront.database import Sessions, make_engine
from tests.factories import PASSWORD
from tests.walks.conftest import LiveShop
from tests.walks.test_manager import time_passes
from tests.walks.test_walk import Walk

NEW = "new@example.com"
OWNER = "owner@example.com"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_an_owner_lets_somebody_in_and_reads_what_was_done(live_shop: LiveShop, chromium: Browser):
    engine = make_engine(live_shop.settings.database_url)
    sessions = Sessions(engine)
    owner, employee = (window(live_shop, chromium) for _ in range(2))

    signs_in(owner, OWNER, live_shop.password)
    invites(owner)
    accepts(employee, mailed_link(sessions))
    sets_up_codes(employee)
    time_passes(sessions)
    gives_a_role(owner, live_shop.password)
    is_signed_out(employee)
    reads_the_log(owner)

    for walk in (owner, employee):
        walk.page.context.close()
    with sessions.read() as session:
        assert session.scalars(select(Staff.role).where(Staff.email == NEW)).one() is Role.SUPPORT
    engine.dispose()
    assert "The audit log is whole" in live_shop.flask("verify-audit")


def window(shop: LiveShop, chromium: Browser) -> Walk:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    context.set_default_timeout(20_000)
    return Walk(shop, context.new_page(), has_javascript=False)


def signs_in(walk: Walk, email: str, password: str) -> None:
    walk.open("/staff/login")
    walk.page.get_by_label("Email").fill(email)
    walk.page.get_by_label("Password").fill(password)
    walk.click("button", "Sign in", exact=True)


def goes_to(walk: Walk, name: str) -> None:
    walk.click("button", "Menu")
    walk.click("link", name, exact=True)


def invites(walk: Walk) -> None:
    walk.says("Today")
    goes_to(walk, "Staff")
    walk.page.get_by_label("Email").fill(NEW)
    walk.page.get_by_label("Role").select_option("fulfilment")
    walk.click("button", "Send the invitation")
    walk.says(f"{NEW} is invited. The link works for seven days.")


def mailed_link(sessions: Sessions) -> str:
    with sessions.read() as session:
        text = session.scalars(select(Mail.text).where(Mail.recipient == NEW)).one()
    return re.search(r"/staff/people/invitations/\S+", text)[0]


def accepts(walk: Walk, link: str) -> None:
    walk.open(link)
    walk.says("You are invited as fulfilment")
    walk.page.get_by_label("Name").fill("Ann")
    walk.page.get_by_label("Password").fill(PASSWORD)
    walk.click("button", "Create account")
    walk.says("Your account is ready.")


def sets_up_codes(walk: Walk) -> None:
    walk.open("/staff/me")
    walk.click("button", "Add an app")
    secret = walk.page.locator("main code").inner_text()
    walk.page.get_by_label("Code", exact=True).fill(pyotp.TOTP(secret).now())
    walk.click("button", "Add the app")
    expect(walk.page.locator(".staff-codes code")).to_have_count(10)
    walk.link("I have kept them")
    walk.says("An app that makes codes")


def gives_a_role(walk: Walk, password: str) -> None:
    walk.open("/staff/people")
    walk.link(NEW)
    walk.page.get_by_label("Role").select_option("support")
    walk.click("button", "Save", exact=True)
    walk.says("Is it you?")
    walk.page.get_by_label("Password").fill(password)
    walk.click("button", "Go on", exact=True)
    walk.says(f"{NEW} has the role now.")


def is_signed_out(walk: Walk) -> None:
    walk.open("/staff")
    signs_in(walk, NEW, PASSWORD)
    walk.says("Second factor")


def reads_the_log(walk: Walk) -> None:
    goes_to(walk, "Audit log")
    walk.says(OWNER)
    entry = walk.page.get_by_role("row").filter(has_text="people.role_update").first
    entry.get_by_role("link").first.click()
    walk.says("fulfilment")
    walk.says("support")
