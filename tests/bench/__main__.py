"""Every row of the budgets, each beside what it is measured against in the same run.

``python -m tests.bench`` runs all parts, ``python -m tests.bench served peer`` those two, and
``python -m tests.bench --table`` prints what was measured last as Markdown. Times on shared
machines swing; the ratio is what counts. What was measured is kept in ``build/bench.json``.
"""

import signal
import sys
from collections.abc import Callable, Sequence

from tests.bench import (
    big_books,
    flash_sale,
    growth,
    guest,
    inside,
    large_books,
    lighthouse,
    peer,
    process,
    served,
    servers,
    writing,
)
from tests.bench.table import Row, keep, markdown

PARTS: dict[str, Callable[[], Sequence[Row]]] = {
    "inside": inside.main,
    "served": served.main,
    "peer": peer.main,
    "guest": guest.main,
    "writing": writing.main,
    "sale": flash_sale.main,
    "growth": growth.main,
    "process": process.main,
    "servers": servers.main,
}
PRINTED: dict[str, Callable[[], None]] = {
    "verify": large_books.main,
    "books": big_books.main,
    "lighthouse": lighthouse.main,
}


def main(wanted: Sequence[str]) -> None:
    """Run the parts that are named, or all."""
    if wanted == ["--table"]:
        print(markdown())
        return
    if unknown := set(wanted) - {*PARTS, *PRINTED}:
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}, ...")
    for name in wanted or [*PARTS, *PRINTED]:
        if name in PARTS:
            keep(name, PARTS[name]())
        else:
            PRINTED[name]()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers end too
    main(sys.argv[1:])
