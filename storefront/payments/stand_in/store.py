"""The stand-in's books: one SQLite file, one transaction at a time."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .settings import StandInSettings

Json = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    owner TEXT, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE INDEX IF NOT EXISTS objects_by_owner ON objects (owner, seq);
CREATE TABLE IF NOT EXISTS due (id TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS due_by_time ON due (at);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY, event TEXT NOT NULL UNIQUE, state TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0, first_at REAL NOT NULL, next_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_by_time ON deliveries (state, next_at);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, at REAL NOT NULL,
    status INTEGER, body TEXT);
"""


class Store:
    """One connection behind one lock: every write is serial, so no race can split one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=10, isolation_level=None, check_same_thread=False
        )
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        self._connection.executescript(SCHEMA)
        # An answer without a status was being made when the process died: it never will be.
        self._connection.execute("DELETE FROM answers WHERE status IS NULL")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything inside is written, or nothing is."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file; a transaction that runs is waited for."""
        with self._lock:
            self._connection.close()


@dataclass(frozen=True)
class Caller:
    """Who asks: goes into the events a request causes and into addresses it is given."""

    request_id: str | None = None
    idempotency_key: str | None = None
    base_url: str = ""


@dataclass
class Transaction:
    """One unit of work on the books, at one moment.

    moment: seconds since 1970, UTC, on the stand-in's own (movable) clock.
    """

    connection: sqlite3.Connection
    moment: float
    settings: StandInSettings
    caller: Caller = field(default_factory=Caller)
    has_endpoint: bool = False
    events: list[Json] = field(default_factory=list)

    @property
    def now(self) -> int:
        """Whole seconds, as Stripe writes every moment."""
        return int(self.moment)

    def add(self, thing: Json, *, kind: str | None = None, owner: str | None = None) -> Json:
        """Write a new object; ``kind`` is Stripe's own ``object`` unless told otherwise."""
        self.connection.execute(
            "INSERT INTO objects (id, kind, owner, body) VALUES (?, ?, ?, ?)",
            (thing["id"], kind or thing["object"], owner, json.dumps(thing)),
        )
        return thing

    def save(self, thing: Json) -> Json:
        """Write the new state of an object that is there already."""
        self.connection.execute(
            "UPDATE objects SET body = ? WHERE id = ?", (json.dumps(thing), thing["id"])
        )
        return thing

    def retire(self, object_id: str, kind: str) -> None:
        """Keep an object for those that name it, under a kind that nobody lists or asks for."""
        self.connection.execute("UPDATE objects SET kind = ? WHERE id = ?", (kind, object_id))

    def forget(self, object_id: str) -> None:
        """Delete an object for good, and what was planned for it."""
        self.connection.execute("DELETE FROM objects WHERE id = ?", (object_id,))
        self.connection.execute("DELETE FROM due WHERE id = ?", (object_id,))

    def find(self, object_id: str, kind: str | None = None) -> Json | None:
        """Return the object with this id, of this kind when one is named, or None."""
        row = self.connection.execute(
            "SELECT body FROM objects WHERE id = ? AND ? IN (kind, '')", (object_id, kind or "")
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def get(self, object_id: str) -> Json:
        """Read an object the stand-in itself wrote; a missing one is a fault of ours."""
        found = self.find(object_id)
        if found is None:
            raise LookupError(object_id)
        return found

    def owned(self, owner: str, kind: str) -> list[Json]:
        """Return everything of one kind that belongs to ``owner``, oldest first."""
        rows = self.connection.execute(
            "SELECT body FROM objects WHERE owner = ? AND kind = ? ORDER BY seq", (owner, kind)
        )
        return [json.loads(body) for (body,) in rows]

    def about_charge(self, charge_id: str, kind: str) -> list[Json]:
        """Return every refund or dispute of this charge, oldest first."""
        rows = self.connection.execute(
            "SELECT body FROM objects WHERE kind = ? AND json_extract(body, '$.charge') = ?"
            " ORDER BY seq",
            (kind, charge_id),
        )
        return [json.loads(body) for (body,) in rows]

    def plan(self, object_id: str, at: float) -> None:
        """See to this object again at that moment."""
        self.connection.execute("REPLACE INTO due (id, at) VALUES (?, ?)", (object_id, at))

    def take_due(self) -> str | None:
        """Return the next object whose moment has come, and forget the plan."""
        row = self.connection.execute(
            "DELETE FROM due WHERE id = (SELECT id FROM due WHERE at <= ? ORDER BY at LIMIT 1)"
            " RETURNING id",
            (self.moment,),
        ).fetchone()
        return None if row is None else str(row[0])
