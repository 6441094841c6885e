"""Which tables a page reads, and which a transaction writes: asked of the engine itself.

So no route and no service has to say what it shows or changes, and none can forget it. Of stock,
which is written with every sale and of which pages say little, a statement may say itself what is
shown: ``SHOWS_STOCK``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, event
from sqlalchemy.sql import visitors

from storefront.database import Sessions
from storefront.page_cache.versions import Versions

UNKNOWN = "?"  # what a statement in plain SQL reads; never a table's name
SILENT = ("BEGIN", "PRAGMA")  # what is neither read nor written by
STOCK = "stock"
_OPTION = "shows_stock"
SHOWS_STOCK = {_OPTION: True}  # of a statement after which ``show_stock`` is called
Shown = Mapping[int, tuple[int, ...]]  # by a variant's id
Shelves = Callable[[Sessions, Iterable[int]], Shown | None]  # None: the database does not answer


@dataclass(slots=True)
class Made:
    """What a page was made of: the tables that were read, and what it shows of variants' stock."""

    tables: set[str] = field(default_factory=set)
    stock: dict[int, tuple[int, ...]] = field(default_factory=dict)


_made: ContextVar[Made | None] = ContextVar("what a page is made of", default=None)
_tables: WeakKeyDictionary[Any, frozenset[str]] = WeakKeyDictionary()  # of compiled statements


@contextmanager
def reading() -> Iterator[Made]:
    """Collect what is read within."""
    found = Made()
    token = _made.set(found)
    try:
        yield found
    finally:
        _made.reset(token)


def show_stock(shown: Shown) -> None:
    """Note all that the page which is being made can show of the stock of some variants.

    The page is held to be right while the same would be shown of them, whatever else is written.
    """
    if (made := _made.get()) is not None:
        made.stock |= shown


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
        elif (made := _made.get()) is not None:
            read = _tables_of(context.compiled)
            made.tables |= read - {STOCK} if context.execution_options.get(_OPTION) else read

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
