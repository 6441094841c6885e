"""Templates compiled once: by the first process that shows them, for every later one.

Also what they all see, in one dict.
"""

import hashlib
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import flask.templating
import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class Environment(flask.templating.Environment):
    """Flask's, whose templates share the environment's own dict of globals.

    Jinja gives each a ChainMap of it. A page imports a dozen times from other templates, and each
    time compares the names in the two maps, in Python: a twentieth to an eighth of a page's time.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template sees; ``d``, of a template alone, is laid over it."""
        return {**self.globals, **d} if d else self.globals


class Compiled(FileSystemBytecodeCache):
    """Compiled templates in a folder, which may be removed at any time."""

    def __init__(self, environment: jinja2.Environment, folder: Path) -> None:
        """Keep them apart for each way to compile; Jinja itself asks whether a source has changed.

        Raises OSError where the folder cannot be made.
        """
        kept = folder / _way(environment)
        kept.mkdir(parents=True, exist_ok=True)
        super().__init__(str(kept))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template that is kept; one that a power cut left half written is compiled anew."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 (pickle raises whatever the bytes lead it to)
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template; where the disk is full, the next process compiles it again."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _way(environment: jinja2.Environment) -> str:
    """Return a name of what a template is compiled by, beside its source."""
    called = (*environment.filters.items(), *environment.tests.items())
    by = (
        *(jinja2.__version__, environment.trim_blocks, environment.lstrip_blocks),
        *sorted(environment.extensions),
        *sorted(f"{name} {getattr(it, 'jinja_pass_arg', '')}" for name, it in called),
    )
    return hashlib.sha256(repr(by).encode()).hexdigest()[:12]
