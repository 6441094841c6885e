"""A start that does not look for garbage among what stays for good."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let what is made inside never be looked over for garbage, now or later.

    The modules of the shop are half a million objects. Python's collector walks over them again
    and again while they are imported, a fifth of the whole start, and none of them ever goes.
    What is garbage already stays with them: some 1 MB.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
