"""When each table was last written, known to every process of one machine without a query.

Each table has a file, whose time is set after every transaction that wrote the table has ended. One
more file holds the moment of the last of all: it is mapped into every process, since each page that
is given away looks at it, and a call of the system lets the other threads go first (a sixth of all
requests a second on a product's page).
"""

import mmap
import os
import struct
import time
from collections.abc import Iterable
from pathlib import Path

Stamp = tuple[int, ...]
NEWEST = ".newest"
_MOMENT = struct.Struct("q")  # nanoseconds, in the machine's own order


class Versions:
    """Tells of writes, and knows of them."""

    def __init__(self, folder: Path) -> None:
        """Make the folder of the files; they must not be taken away while the shop runs."""
        self._folder = str(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._tell(time.time_ns())
        with (folder / NEWEST).open("rb") as file:
            shared = mmap.mmap(file.fileno(), _MOMENT.size, access=mmap.ACCESS_READ)
        self._newest = memoryview(shared).cast("q")

    def have_changed(self, tables: Iterable[str]) -> None:
        """Let every process know that these tables are not what they were."""
        moment = time.time_ns()
        for name in tables:
            path = os.path.join(self._folder, name)  # noqa: PTH118 (a Path costs as much as the rest)
            with open(path, "ab"):  # noqa: PTH123
                os.utime(path, ns=(moment, moment))
        self._tell(moment)  # last: who sees it change sees the others

    def _tell(self, moment: int) -> None:
        """Write through the file, not the map: on a full disk that is an error, and no signal."""
        file = os.open(f"{self._folder}/{NEWEST}", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            os.pwrite(file, _MOMENT.pack(moment), 0)
        finally:
            os.close(file)

    def newest(self) -> int:
        """Return what changes with every write."""
        return self._newest[0]

    def of(self, tables: Iterable[str]) -> Stamp:
        """Return what changes whenever one of these tables is written."""
        return tuple(self._time(name) for name in tables)

    def _time(self, name: str) -> int:
        try:
            return os.stat(f"{self._folder}/{name}").st_mtime_ns  # noqa: PTH116
        except OSError:
            return 0
