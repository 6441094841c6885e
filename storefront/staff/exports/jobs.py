"""Long exports: written by the worker, kept in the storage for a day."""

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session

from models import now
from storefront import tasks
from storefront.database import Sessions
from storefront.jobs.queue import enqueue
from storefront.jobs.worker import Effect, Handler, Payload
from storefront.spreadsheet import BYTE_ORDER_MARK, csv_lines
from storefront.staff.exports.every import every_table
from storefront.staff.exports.shown import SHOWN, Address
from storefront.staff.exports.table import Period, Table
from storefront.storage import Storage

KEPT = timedelta(days=1)
STEP = 2000  # rows between two words on how far it is
WRITE, FORGET = "write-export", "forget-export"


def file_name(task_id: int) -> str:
    """Return how the storage names the file of a task."""
    return f"exports/{task_id}.csv"


class Exporting:
    """Does the two jobs."""

    def __init__(self, currencies: Sequence[str], zone: str, storage: Storage) -> None:
        """Know the lists, by what their addresses are read, and where files are kept."""
        self._tables, self._storage = every_table(currencies), storage
        self._currency, self._zone = currencies[0], zone

    @property
    def handlers(self) -> dict[str, Handler]:
        """Who does which kind of job."""
        return {WRITE: self.write, FORGET: self.forget}

    def write(self, sessions: Sessions, payload: Payload) -> Effect:
        """Write a list into a file; done twice, it is the same file."""
        task_id, (table, period) = payload["task_id"], self._wanted(payload)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.csv"
            with sessions.read() as session, path.open("w", encoding="utf-8", newline="") as file:
                total = table.count(session, period)
                lines = csv_lines(table.head, table.rows(session, period))
                file.write(BYTE_ORDER_MARK + next(lines))
                done = 0
                while part := list(islice(lines, STEP)):
                    file.writelines(part)
                    done += len(part)
                    tasks.step(sessions, task_id, done, max(total, done))
            self._storage.put(file_name(task_id), path.read_bytes())

        def effect(session: Session) -> None:
            tasks.finish(session, task_id, url=f"/staff/exports/{task_id}.csv")
            forget = {"export": task_id}
            enqueue(session, FORGET, f"{FORGET}:{task_id}", forget, run_at=now() + KEPT)

        return effect

    def _wanted(self, payload: Payload) -> tuple[Table, Period]:
        if "shown" in payload:
            sent = dict(parse_qsl(payload["query"]))
            address = Address(sent, self._zone, self._currency)
            return SHOWN[payload["shown"]].of(address), Period()
        period = Period(*map(_day, (payload["first"], payload["last"])))
        return self._tables[payload["table"]], period

    def forget(self, sessions: Sessions, payload: Payload) -> Effect:
        """Delete a file that was kept long enough."""
        del sessions
        self._storage.delete(file_name(payload["export"]))
        return _nothing


def _nothing(session: Session) -> None:
    del session


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
