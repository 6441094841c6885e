"""Logs: one JSON object a line, with the request's id and without personal data."""

import json
import logging
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType

from flask import Flask, Response, g, has_request_context, request

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
log = logging.getLogger("shop")
FIELDS = ("event", "method", "rule", "status", "duration_ms", "order", "job", "reference", "reason")


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; only the named fields, never the whole request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if has_request_context():
            line["request"] = request_id()
        if record.exc_info:
            line["exception"] = _without_values(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _without_values(found: ExcInfo) -> str:
    """Return where it happened and of what kind it is; the message may name a person."""
    kind, _, trace = found
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    return "\n".join([*frames, kind.__name__ if kind else "unknown"])


def configure(level: int = logging.INFO) -> None:
    """Send the shop's log lines to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False


def request_id() -> str:
    """Return the id of the current request: a reference that a visitor can quote."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    identifier: str = g.request_id
    return identifier


def init_app(app: Flask) -> None:
    """Log each request by its rule, not its address: addresses hold tokens."""

    def start() -> None:
        g.started = time.perf_counter()

    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        fields = {
            "method": request.method,
            "rule": request.url_rule.rule if request.url_rule else "-",
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - g.get("started", 0.0)) * 1000, 1),
        }
        log.info("request", extra=fields)
        return response

    app.before_request(start)
    app.after_request(end)
