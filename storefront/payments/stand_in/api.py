"""Stripe's HTTP API under ``/v1``: who may ask, what is asked, what is answered."""

import json
from collections.abc import Callable

from flask import Blueprint, Response, g, jsonify, request

from . import fault_switches
from .core import StandIn, current_stand_in
from .endpoints import ENDPOINTS, Endpoint
from .errors import StripeError
from .events import API_VERSION
from .expand import expand
from .idempotency import Answer, answer_once
from .ids import new_id
from .params import unflatten
from .store import Caller, Json, Transaction

bp = Blueprint("api", __name__)


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        stand_in = current_stand_in()
        sent = list((request.form if request.method == "POST" else request.args).items(multi=True))
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


bp.before_request(fault_switches.before_work)
bp.after_request(fault_switches.after_work)


@bp.after_request
def add_headers(response: Response) -> Response:
    """Add what Stripe sends with every answer."""
    response.headers["Request-Id"] = g.request_id
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
    if key := request.headers.get("Idempotency-Key"):
        response.headers["Idempotency-Key"] = key
    return response
