"""When each table was last written, known to every process of one machine without a query.

Each table has a file, whose time is set after every transaction that wrote the table has ended; the
time of one more file says whether there was any. A look costs one ``os.stat``.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path

Stamp = tuple[int, ...]
ANY = ".any"


class Versions:
    """Tells of writes, and knows of them."""

    def __init__(self, folder: Path) -> None:
        """Make the folder of the files."""
        self._folder = str(folder)
        folder.mkdir(parents=True, exist_ok=True)

    def have_changed(self, tables: Iterable[str]) -> None:
        """Let every process know that these tables are not what they were."""
        moment = time.time_ns()
        for name in (*tables, ANY):  # the common one last: who sees it change sees the others
            path = os.path.join(self._folder, name)  # noqa: PTH118 (a Path costs as much as the rest)
            with open(path, "ab"):  # noqa: PTH123
                os.utime(path, ns=(moment, moment))

    def newest(self) -> int:
        """Return what changes with every write."""
        return self._time(ANY)

    def of(self, tables: Iterable[str]) -> Stamp:
        """Return what changes whenever one of these tables is written."""
        return tuple(self._time(name) for name in tables)

    def _time(self, name: str) -> int:
        try:
            return os.stat(f"{self._folder}/{name}").st_mtime_ns  # noqa: PTH116
        except OSError:
            return 0
