"""Sets pages by Typst, each in a process of its own (this file, run by itself).

Typst keeps what it has drawn: sixty share pictures held 117 MB of the process that drew them. Nor
can it be stopped from within.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LONGEST_S = 30


class TypesettingError(RuntimeError):
    """A page could not be set; says why."""


def typeset(source: Path, **options: Any) -> bytes:
    """Return what Typst makes of a file: a page as PNG, or a PDF.

    options: those of ``typst.compile``, as JSON takes them. Raises TypesettingError, also where it
    takes too long.
    """
    asked = json.dumps({"input": str(source), **options})
    command = [sys.executable, "-P", __file__]  # the modules beside it are no library
    try:
        done = subprocess.run(  # noqa: S603 (ourselves)
            command, input=asked.encode(), capture_output=True, timeout=LONGEST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TypesettingError(type(error).__name__) from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise TypesettingError(said[-1] if said else f"ended with {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    import typst

    sys.stdout.buffer.write(typst.compile(**json.load(sys.stdin)))
