"""What a buyer does on the stand-in's page, and what Stripe then sends; over real HTTP."""

import json
import time

import requests
import stripe
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import WEBHOOK_SECRET

PAYS, DECLINES, ASKS = "4242424242424242", "4000000000000002", "4000002500003155"


def pay(url: str, card: str = PAYS, **typed: str) -> requests.Response:
    """Fill the payment page and send it; returns the answer, its redirect not followed."""
    page = BeautifulSoup(requests.get(url, timeout=10).text, "html.parser")
    form = page.find("form")
    data = {
        field["name"]: field.get("value", "")
        for field in form.find_all("input", {"name": True})
        if field.get("type") not in {"radio", "checkbox"} or field.has_attr("checked")
    }
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True) or select.find("option")
        data[select["name"]] = chosen["value"]
    names = {
        label.get_text(strip=True): page.find(id=label["for"])["name"]
        for label in page.find_all("label", {"for": True})
    }
    if "Card number" in names:  # not where there is nothing to pay
        data |= {names["Card number"]: card, names["Expiry"]: "12 / 34", names["CVC"]: "123"}
    data |= typed
    action = form.get("action") or url
    return requests.post(
        requests.compat.urljoin(url, action), data=data, timeout=10, allow_redirects=False
    )


def session_id_of(url: str) -> str:
    """The id of the session whose page this is."""
    return url.rsplit("/", 1)[1].split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]


def session_of(base: str, url: str) -> dict:
    """What Stripe knows of the session whose page this is, with its lines."""
    client = stripe.StripeClient("sk_test_shop", base_addresses={"api": base})
    found = client.v1.checkout.sessions.retrieve(
        session_id_of(url), {"expand": ["line_items", "shipping_cost.shipping_rate"]}
    )
    return found.to_dict()


def event_of(base: str, type_: str, session_id: str) -> dict:
    """The newest event of a type about a session, as Stripe lists it."""
    client = stripe.StripeClient("sk_test_shop", base_addresses={"api": base})
    found = client.v1.events.list({"type": type_, "limit": 100}).data
    return next(event for event in found if event.data.object["id"] == session_id).to_dict()


def deliver(
    client: FlaskClient, event: dict, *, at: float | None = None, secret: str = WEBHOOK_SECRET
) -> TestResponse:
    """Post an event to the shop, signed as Stripe signs."""
    body = json.dumps(event)
    stamp = int(at or time.time())
    signed = stripe.WebhookSignature._compute_signature(f"{stamp}.{body}", secret)
    return client.post(
        "/webhooks/stripe",
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": f"t={stamp},v1={signed}"},
    )
