"""Stripe's own command line drives the stand-in, with the requests it ships and we did not write.

``make test`` installs it; it is pinned for Linux on x86-64 alone and left out elsewhere.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import types

PROGRAM = Path(sys.prefix) / "stripe/node_modules/@stripe/cli-linux-x64/bin/stripe"

pytestmark = pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"),
    reason="Stripe's command line is pinned for Linux on x86-64 alone",
)

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
SOLD = ["product.created", "price.created"]
DEBITED = [*SOLD, "payment_intent.created", "charge.pending", "payment_intent.processing"]


@pytest.mark.parametrize(
    ("named", "happened"),
    [
        ("payment_intent.succeeded", PAID),
        (
            "payment_intent.payment_failed",
            ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"],
        ),
        ("charge.refunded", [*PAID, "refund.created", "charge.refunded"]),
        ("charge.dispute.created", [*PAID, "charge.dispute.created"]),
        (
            "charge.dispute.closed",
            [*PAID, "charge.dispute.created", "charge.dispute.closed"],
        ),
        ("checkout.session.completed", [*SOLD, *PAID, "checkout.session.completed"]),
        ("checkout.session.expired", [*SOLD, "checkout.session.expired"]),
        (
            "checkout.session.async_payment_succeeded",
            [
                *DEBITED,
                "checkout.session.completed",
                "charge.succeeded",
                "payment_intent.succeeded",
                "checkout.session.async_payment_succeeded",
            ],
        ),
        (
            "checkout.session.async_payment_failed",
            [
                *DEBITED,
                "checkout.session.completed",
                "charge.failed",
                "payment_intent.payment_failed",
                "checkout.session.async_payment_failed",
            ],
        ),
    ],
)
def test_what_it_triggers_happens_once_and_nothing_else_does(
    stand_in: StandInServer,
    sdk: stripe.StripeClient,
    tmp_path: Path,
    named: str,
    happened: list[str],
) -> None:
    trigger(stand_in, tmp_path, named)
    stand_in.advance(stand_in.stand_in.settings.delayed_payment_s + 1)

    assert types(sdk) == happened
    assert happened.count(named) == 1


def trigger(stand_in: StandInServer, home: Path, event: str) -> None:
    """Run ``stripe trigger``; fail with what it said when it did not end well."""
    ended = subprocess.run(
        [PROGRAM, "trigger", event, "--api-base", stand_in.base, "--api-key", "sk_test_of_the_cli"],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "STRIPE_CLI_TELEMETRY_OPTOUT": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Trigger succeeded" in ended.stdout
