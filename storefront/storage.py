"""The shop's files: pictures and what else people bring in, in a folder or in a bucket (S3).

One store by one address, ``STORAGE_URL``. Names are keys made of the content, so nothing is ever
written over, and a file may be kept by browsers for good. Knows neither the web nor the database;
never called inside a transaction.
"""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = timedelta(seconds=20)  # of one request to a bucket
CONNECT_TIMEOUT = timedelta(seconds=5)
RETRIES = 3


class StorageError(Exception):
    """The storage does not do what was asked: it is away, full or misconfigured."""


class MissingFileError(StorageError):
    """There is no file of this name."""


class BadAddressError(ValueError):
    """``STORAGE_URL`` names no storage that the shop knows; the message says what it may be."""


def digest(content: bytes) -> str:
    """Return the name that content has for itself: 64 hexadecimal signs."""
    return hashlib.sha256(content).hexdigest()


class Storage:
    """Files by their names, such as ``original/ab12…``; every failure is a StorageError."""

    def __init__(self, url: str) -> None:
        """Bind to ``file:///path``, a folder, ``s3://bucket/prefix`` or ``memory:``.

        Nothing is asked yet; a folder is made with the first file. Raises BadAddressError.
        """
        self.url = url
        self.kind, self._place = parsed(url)
        self._store: Any = None

    def put(self, name: str, content: bytes) -> None:
        """Keep a file; one that is there under this name is replaced as a whole."""
        with _Errors(name):
            self._api.put(self._opened(), name, content)

    def get(self, name: str) -> bytes:
        """Return a file's content, or raise MissingFileError."""
        with _Errors(name):
            return bytes(self._api.get(self._opened(), name).bytes())

    def exists(self, name: str) -> bool:
        """Say whether there is a file of this name."""
        try:
            with _Errors(name):
                self._api.head(self._opened(), name)
        except MissingFileError:
            return False
        return True

    def delete(self, name: str) -> None:
        """Take a file away; one that is not there is none of our business."""
        try:
            with _Errors(name):
                self._api.delete(self._opened(), name)
        except MissingFileError:
            return

    @property
    def _api(self) -> Any:
        import obstore  # pages that show no files start without it

        return obstore

    def _opened(self) -> Any:
        if self._store is None:
            self._store = _open(self.kind, self._place)
        return self._store


class _Errors:
    """Turns the library's errors into ours."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Raise ours in place of the library's."""
        if isinstance(error, FileNotFoundError):
            raise MissingFileError(self._name) from error
        if isinstance(error, OSError | ValueError) or type(error).__module__.startswith("obstore"):
            # The library's words may hold paths and hosts: they go to the log by the cause.
            message = f"the storage failed at {self._name}"
            raise StorageError(message) from error


def parsed(url: str) -> tuple[str, str]:
    """Return the kind of storage and its place: a folder's path, or the bucket's address."""
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        return "bucket", url
    if parts.scheme == "memory":
        return "memory", ""
    if parts.scheme == "file" and not parts.netloc and parts.path:
        return "folder", parts.path
    if not parts.scheme and url:
        return "folder", url
    message = "it must be a folder, file:///folder or s3://bucket/prefix"
    raise BadAddressError(message)


def _open(kind: str, place: str) -> Any:
    from obstore.store import LocalStore, MemoryStore, S3Store

    if kind == "memory":
        return MemoryStore()
    if kind == "folder":
        return LocalStore(Path(place).absolute(), mkdir=True)
    return S3Store.from_url(
        place,
        client_options={"timeout": TIMEOUT, "connect_timeout": CONNECT_TIMEOUT},
        retry_config={"max_retries": RETRIES, "retry_timeout": TIMEOUT},
    )
