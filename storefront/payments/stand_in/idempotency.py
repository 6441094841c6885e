"""One key, one answer. Source: Stripe API 2026-08-26.dahlia, "Idempotent requests"."""

import json
from collections.abc import Callable
from typing import NamedTuple

from .core import StandIn
from .errors import DeclinedError, IdempotencyError, KeyInUseError, StripeError
from .store import Caller, Json, Transaction

KEPT_S = 24 * 3600


class Answer(NamedTuple):
    """What goes out; ``is_replayed`` when it was made by an earlier request."""

    status: int
    body: Json
    is_replayed: bool = False


Work = Callable[[Transaction], Json]


def answer_once(stand_in: StandIn, caller: Caller, fingerprint: str, work: Work) -> Answer:
    """Do the work, or give the answer it gave before under the same key.

    The work and its stored answer are one transaction. Two requests at once with one key:
    the first does the work, the other is told that the key is in use.
    """
    key = caller.idempotency_key
    if key is None:
        return _do(stand_in, caller, work)
    stored = _claim(stand_in, key, fingerprint)
    if stored is not None:
        return stored
    try:
        return _do(stand_in, caller, work)
    except BaseException:
        with stand_in.store.transaction() as connection:
            connection.execute("DELETE FROM answers WHERE key = ?", (key,))
        raise


def _do(stand_in: StandIn, caller: Caller, work: Work) -> Answer:
    try:
        with stand_in.transaction(caller) as tx:
            try:
                answer = Answer(200, work(tx))
            except DeclinedError as declined:
                answer = Answer(declined.status, declined.body)
            _keep(tx, answer)
    except StripeError as refused:
        # What the refused work wrote is undone; that it was refused is kept.
        answer = Answer(refused.status, refused.body)
        with stand_in.transaction(caller) as tx:
            _keep(tx, answer)
    return answer


def _claim(stand_in: StandIn, key: str, fingerprint: str) -> Answer | None:
    """Take the key for this request, or return the answer it has; raise if it is not ours."""
    now = stand_in.now()
    with stand_in.store.transaction() as connection:
        connection.execute("DELETE FROM answers WHERE at < ?", (now - KEPT_S,))
        row = connection.execute(
            "SELECT fingerprint, status, body FROM answers WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            connection.execute(
                "INSERT INTO answers (key, fingerprint, at) VALUES (?, ?, ?)",
                (key, fingerprint, now),
            )
            return None
    if row[0] != fingerprint:
        raise IdempotencyError(key)
    if row[1] is None:
        raise KeyInUseError(key)
    return Answer(row[1], json.loads(row[2]), is_replayed=True)


def _keep(tx: Transaction, answer: Answer) -> None:
    if tx.caller.idempotency_key is not None:
        tx.connection.execute(
            "UPDATE answers SET status = ?, body = ? WHERE key = ?",
            (answer.status, json.dumps(answer.body), tx.caller.idempotency_key),
        )
