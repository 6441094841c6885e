"""What production needs to start, and what it does otherwise."""

import os
import subprocess
import sys

import pytest

from storefront.config import ROOT, SettingsError, from_env
from tests.features.observing import started

PRODUCTION = {
    "SHOP_ENV": "production",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "STRIPE_SECRET_KEY": "sk_live_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
    "SITE_URL": "https://shop.example",
}


@pytest.fixture
def production(instance):
    """The shop as production starts it."""
    with started(from_env(PRODUCTION | {"INSTANCE_PATH": str(instance)})) as app:
        yield app


def policy(answer):
    parts = [
        part.split(maxsplit=1) for part in answer.headers["Content-Security-Policy"].split(";")
    ]
    return dict(parts)


def test_production_leads_to_stripe_and_asks_for_https(production):
    answer = production.test_client().get("/healthz", base_url="https://shop.example")

    assert policy(answer)["form-action"] == "'self' https://checkout.stripe.com"
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_production_has_no_mailbox_and_says_nothing_of_it(production):
    client = production.test_client()

    for address in ("/dev/mailbox", "/dev/mailbox/1", "/dev/mailbox/1/html", "/dev/components"):
        assert client.get(address, base_url="https://shop.example").status_code == 404


@pytest.mark.parametrize(
    ("left_out_or_changed", "message"),
    [
        (
            {"SECRET_KEY": ""},
            "SECRET_KEY is missing: production needs one of at least 32 characters",
        ),
        (
            {"SECRET_KEY": "too short"},
            "SECRET_KEY is a demonstration secret or too short: use 32 random characters",
        ),
        (
            {"SECRET_KEY": "a-Demonstration-key-that-is-long-enough"},
            "SECRET_KEY is a demonstration secret or too short: use 32 random characters",
        ),
        (
            {"STRIPE_SECRET_KEY": ""},
            "STRIPE_SECRET_KEY is missing: production takes payments by Stripe",
        ),
        (
            {"STRIPE_SECRET_KEY": "sk_test_stand_in"},
            "STRIPE_SECRET_KEY is the stand-in's demonstration key: not in production",
        ),
        (
            {"STRIPE_API_BASE": "http://127.0.0.1:8001"},
            "STRIPE_API_BASE points away from Stripe: not in production",
        ),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG is on: not in production"),
        ({"FLASK_DEBUG": "true"}, "FLASK_DEBUG is on: not in production"),
        ({"PORT": "99999"}, "PORT is '99999': it must be a number from 1 to 65535"),
        ({"PORT": "x"}, "PORT is 'x': it must be a number from 1 to 65535"),
    ],
)
def test_production_refuses_to_start_and_says_in_one_line_why(
    left_out_or_changed, message, tmp_path
):
    environment = PRODUCTION | {"INSTANCE_PATH": str(tmp_path / "i")} | left_out_or_changed

    with pytest.raises(SettingsError) as refused:
        from_env(environment)

    assert str(refused.value) == message
    assert not (tmp_path / "i").exists()


def test_production_starts_with_what_it_needs(tmp_path):
    settings = from_env(PRODUCTION | {"INSTANCE_PATH": str(tmp_path / "i"), "FLASK_DEBUG": "0"})

    assert settings.is_production
    assert settings.stripe_api_base == "https://api.stripe.com"
    assert settings.trusted_hosts == ("shop.example",)
    assert not (tmp_path / "i").exists()


def test_a_setting_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text("k" * 40 + "\n", encoding="utf-8")
    environment = PRODUCTION | {"SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "key")}

    assert from_env(environment).secret_key == "k" * 40


def test_outside_production_a_secret_is_made_once_and_kept_for_its_owner(tmp_path):
    first, second = (from_env({"INSTANCE_PATH": str(tmp_path)}) for _ in range(2))

    assert len(first.secret_key) >= 32
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_refusal_is_one_line_and_no_traceback():
    command = [sys.executable, "-m", "flask", "--app", "app", "stock", "list"]
    environment = {**os.environ, "SHOP_ENV": "production", "SECRET_KEY": ""}

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "The shop does not start: SECRET_KEY is missing: production needs one of at least"
        " 32 characters.\n"
    )


def test_production_says_what_it_starts_without(tmp_path):
    given = {**PRODUCTION, "INSTANCE_PATH": str(tmp_path)}
    whole = {**given, "MAIL_URL": "smtp://mail.example"}

    assert from_env(whole).gaps == ()
    assert from_env({**given, "STRIPE_WEBHOOK_SECRET": "", "SITE_URL": ""}).gaps == (
        "SITE_URL is not https: cookies travel openly, and links lead nowhere",
        "STRIPE_WEBHOOK_SECRET is missing: the webhook answers 503",
        "MAIL_URL is missing: mails wait in the outbox",
    )
