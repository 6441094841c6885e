"""Stripe's HTTP API under ``/v1``: who may ask, what is asked, what is answered."""

import json
from collections.abc import Callable
from typing import NamedTuple

from flask import Blueprint, Response, g, jsonify, request

from . import refunds, sessions, shapes
from .core import StandIn, current_stand_in
from .errors import StripeError, no_such
from .events import API_VERSION
from .expand import expand
from .idempotency import Answer, answer_once
from .ids import new_id
from .lists import in_order, newest
from .params import unflatten
from .store import Caller, Json, Transaction

bp = Blueprint("api", __name__)

Action = Callable[..., Json]


class Endpoint(NamedTuple):
    """One method of one address: how its parameters are read, and what it does."""

    method: str
    path: str
    read: Callable[[Json], Json]
    act: Action


def _one(noun: str, param: str) -> Action:
    """Return the action that reads one object of this kind."""

    def retrieve(tx: Transaction, _params: Json, object_id: str) -> Json:
        found = tx.find(object_id, noun)
        if found is None:
            raise no_such(object_id, noun, param)
        return found

    return retrieve


def _many(noun: str, address: str) -> Action:
    """Return the action that lists this kind, newest first."""
    return lambda tx, params: newest(tx, noun, address, params)


def _line_items(tx: Transaction, params: Json, object_id: str) -> Json:
    sessions.find(tx, object_id)
    address = f"/v1/checkout/sessions/{object_id}/line_items"
    return in_order(tx, object_id, "item", address, params)


SESSIONS, INTENTS, CHARGES, REFUNDS, EVENTS = (
    "/v1/checkout/sessions",
    "/v1/payment_intents",
    "/v1/charges",
    "/v1/refunds",
    "/v1/events",
)
ENDPOINTS = (
    Endpoint("POST", SESSIONS, shapes.create_session, sessions.create),
    Endpoint("GET", SESSIONS, shapes.SESSIONS, _many("checkout.session", SESSIONS)),
    Endpoint("GET", f"{SESSIONS}/<object_id>", shapes.ONE, _one("checkout.session", "session")),
    Endpoint("GET", f"{SESSIONS}/<object_id>/line_items", shapes.LINES, _line_items),
    Endpoint(
        "POST",
        f"{SESSIONS}/<object_id>/expire",
        shapes.ONE,
        lambda tx, _params, object_id: sessions.expire(tx, object_id),
    ),
    Endpoint("GET", INTENTS, shapes.INTENTS, _many("payment_intent", INTENTS)),
    Endpoint("GET", f"{INTENTS}/<object_id>", shapes.ONE, _one("payment_intent", "intent")),
    Endpoint("GET", CHARGES, shapes.CHARGES, _many("charge", CHARGES)),
    Endpoint("GET", f"{CHARGES}/<object_id>", shapes.ONE, _one("charge", "id")),
    Endpoint("POST", REFUNDS, shapes.create_refund, refunds.create),
    Endpoint("GET", REFUNDS, shapes.REFUNDS, _many("refund", REFUNDS)),
    Endpoint("GET", f"{REFUNDS}/<object_id>", shapes.ONE, _one("refund", "refund")),
    Endpoint("GET", EVENTS, shapes.EVENTS, _many("event", EVENTS)),
    Endpoint("GET", f"{EVENTS}/<object_id>", shapes.ONE, _one("event", "id")),
)


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        stand_in = current_stand_in()
        sent = list((request.args if request.method == "GET" else request.form).items(multi=True))
        stand_in.observe(
            "request", {"method": request.method, "path": request.path, "form": dict(sent)}
        )
        _refuse_strangers()
        params = endpoint.read(unflatten(sent))

        def work(tx: Transaction) -> Json:
            return expand(tx, endpoint.act(tx, params, **ids), params.get("expand", []))

        fingerprint = json.dumps([request.method, request.path, sorted(sent)])
        return _out(answer_once(stand_in, _caller(stand_in), fingerprint, work))

    return view


for _endpoint in ENDPOINTS:
    bp.add_url_rule(
        _endpoint.path,
        f"{_endpoint.method} {_endpoint.path}".replace(".", "_"),
        _view(_endpoint),
        methods=[_endpoint.method],
    )


@bp.route("/v1/<path:path>", methods=["GET", "POST", "DELETE"])
def unknown(path: str) -> Response:
    """Say that nothing is at this address: a typing error, or not done by the stand-in."""
    raise StripeError(
        message=f"Unrecognized request URL ({request.method}: /v1/{path}). The local Stripe "
        "stand-in knows only what the shop uses.",
        status=404,
    )


def _refuse_strangers() -> None:
    """Let in test keys only: a live key has no business here."""
    sent = request.authorization
    key = (sent.token or sent.username or "") if sent else ""
    if not key:
        raise StripeError(
            message="You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY').",
            status=401,
        )
    if not key.startswith("sk_test_"):
        raise StripeError(message=f"Invalid API Key provided: {key[:8]}****", status=401)


def _caller(stand_in: StandIn) -> Caller:
    is_post = request.method == "POST"
    return Caller(
        request_id=g.request_id,
        idempotency_key=request.headers.get("Idempotency-Key") if is_post else None,
        base_url=base_url(stand_in),
    )


def base_url(stand_in: StandIn) -> str:
    """Return where the pay page is: the setting, or where this request came in."""
    return (stand_in.settings.public_url or request.host_url).rstrip("/")


def _out(answer: Answer) -> Response:
    current_stand_in().observe(
        "answer",
        {
            "method": request.method,
            "path": request.path,
            "status": answer.status,
            "body": answer.body,
        },
    )
    response = jsonify(answer.body)
    response.status_code = answer.status
    if answer.is_replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@bp.errorhandler(StripeError)
def refuse(refused: StripeError) -> Response:
    """Send the refusal in Stripe's form."""
    return _out(Answer(refused.status, refused.body))


@bp.before_request
def number_the_request() -> None:
    """Give the request the id that its answer and its events carry."""
    g.request_id = new_id("req", 14)


@bp.after_request
def add_headers(response: Response) -> Response:
    """Add what Stripe sends with every answer."""
    response.headers["Request-Id"] = g.request_id
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key
    return response
