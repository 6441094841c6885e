"""The fault switches over HTTP, and the faults themselves done to a request of the API."""

import socket
import time

from flask import Blueprint, Response, g, jsonify, request

from .core import current_stand_in
from .errors import RateLimitError, ServerError

bp = Blueprint("faults", __name__)

# How a server hands out the connection under a request: werkzeug's development server does.
SOCKET = "werkzeug.socket"


@bp.get("/_faults")
def show() -> Response:
    """Show the switches."""
    return jsonify(current_stand_in().faults.as_json())


@bp.post("/_faults")
def switch() -> Response:
    """Set the switches; 400 and unchanged when one is not known."""
    wanted = request.get_json(silent=True)
    try:
        if not isinstance(wanted, dict):
            message = "a JSON object is needed"
            raise TypeError(message)  # noqa: TRY301 (all that is wrong is answered below)
        current_stand_in().faults.set(**wanted)
    except (TypeError, ValueError) as wrong:
        response = jsonify({"error": str(wrong)})
        response.status_code = 400
        return response
    return show()


@bp.delete("/_faults")
def clear() -> Response:
    """Clear the switches."""
    current_stand_in().faults.clear()
    return show()


def before_work() -> Response | None:
    """Do to this request what is switched on and comes before any work."""
    g.fault = fault = current_stand_in().faults.of_request(request.method, request.path)
    if fault is None:
        return None
    if fault.kind == "429":
        raise RateLimitError
    if fault.kind == "500":
        raise ServerError
    if fault.kind == "slow":
        time.sleep(fault.seconds)
    return _hang_up() if fault.kind == "drop" else None


def after_work(response: Response) -> Response:
    """Lose the answer, where that is switched on."""
    fault = g.get("fault")
    return _hang_up() if fault is not None and fault.kind == "lost" else response


def _hang_up() -> Response:
    """Close the connection; where the server does not hand it out, end in the middle."""
    connection = request.environ.get(SOCKET)
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
        return Response()
    # Fewer bytes than were promised: the server can only close, and a client only give up.
    response = Response(iter([b" "]))
    response.headers["Content-Length"] = "2"
    return response
