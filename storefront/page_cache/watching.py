"""Which tables a page reads, and which a transaction writes: asked of the engine itself.

So no route and no service has to say what it shows or changes, and none can forget it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, event
from sqlalchemy.sql import visitors

from storefront.page_cache.versions import Versions

UNKNOWN = "?"  # what a statement in plain SQL reads; never a table's name
SILENT = ("BEGIN", "PRAGMA")  # what is neither read nor written by
_read: ContextVar[set[str] | None] = ContextVar("tables that are read", default=None)
_tables: WeakKeyDictionary[Any, frozenset[str]] = WeakKeyDictionary()  # of compiled statements


@contextmanager
def reading() -> Iterator[set[str]]:
    """Collect the tables that are read within."""
    found: set[str] = set()
    token = _read.set(found)
    try:
        yield found
    finally:
        _read.reset(token)


def watch(engine: Engine, versions: Versions) -> None:
    """Tell of what the engine's transactions wrote, once they have ended.

    A connection comes back to the pool after its commit: whoever makes a page between the two reads
    what is new, and keeps it under a stamp that ends a moment later. One that was rolled back tells
    of writes that were none, which costs a page or two.
    """

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        del cursor
        context = rest[1]
        if context.compiled is None and statement.startswith(SILENT):
            return
        if context.isinsert or context.isupdate or context.isdelete:
            written = connection.info.setdefault("written", set())
            written |= _tables_of(context.compiled)
        elif (read := _read.get()) is not None:
            read |= _tables_of(context.compiled)

    def tell(raw: Any, record: Any) -> None:
        del raw
        if written := record.info.pop("written", None):
            versions.have_changed(written)

    event.listen(engine, "after_cursor_execute", note)
    event.listen(engine, "checkin", tell)


def _tables_of(compiled: Any) -> frozenset[str]:
    if compiled is None or compiled.statement is None:
        return frozenset([UNKNOWN])
    found = _tables.get(compiled)
    if found is None:
        parts = visitors.iterate(compiled.statement)
        names = {part.name for part in parts if isinstance(part, Table)}
        state = getattr(compiled, "compile_state", None)
        if (whole := getattr(state, "statement", None)) is not None:  # with what the mapper joined
            names |= {part.name for part in visitors.iterate(whole) if isinstance(part, Table)}
        found = _tables[compiled] = frozenset(names)
    return found
