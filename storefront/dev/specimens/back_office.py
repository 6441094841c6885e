"""What staff work with, as specimens show it: lists, parts of an order, forms, what went wrong."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from models import Order, OrderStatus, Task, TaskStatus
from models.balance import Balance
from storefront.dev.specimens.orders import PLACED, order
from storefront.dev.specimens.shelf import LONG, picture
from storefront.dev.specimens.typed import Sample, refused
from storefront.documents.words import title_of

REFUSED = ["holiday.tiff is neither JPEG, PNG, WebP nor AVIF.", f"{LONG}.jpg is larger than 20 MB."]


def values() -> dict[str, Any]:
    """Return what the page of the back office shows."""
    paid = order(OrderStatus.PAID)
    first, second = paid.lines
    first.id, first.discount_minor = 1, 890
    second.id, second.refunded_quantity = 2, 1
    return {
        "timezone": "UTC",
        "current_staff": lambda: None,
        "sorting": _sorting(),
        "orders": _orders(),
        "order": paid,
        "balance": Balance(paid, captured=20910, refunded=3500, shipped=2),
        "names": {1: title_of(first), 2: "Starter set"},
        "refused": refused("staff-", {"name": "", "email": "name@", "message": "long " * 20}),
        "empty": Sample(prefix="staff-empty-"),
        "files": REFUSED,
        "flashes": lambda **_: [("message", "The order is tagged."), ("/staff", "3 are archived.")],
        "tasks": [
            _task(TaskStatus.RUNNING, done=1200, total=4800),
            _task(TaskStatus.FAILED, done=7, total=9, error=LONG),
            _task(TaskStatus.DONE, done=9, total=9, url="/staff"),
        ],
        "texts": [
            SimpleNamespace(published_at=None),
            SimpleNamespace(published_at=PLACED),
            SimpleNamespace(published_at=PLACED + timedelta(days=9)),
        ],
        "now": PLACED + timedelta(days=1),
        "thumbs": [picture(), _brought("waiting"), _brought("failed")],
        "saved": {"Title": "Release for the psoas", "Summary": ""},
    }


def _sorting() -> Any:
    ways = {"placed": "descending"}
    return SimpleNamespace(direction=ways.get, url=lambda name: f"?sort={name}")


def _orders() -> list[Order]:
    emails = ("ada@example.com", f"{'adalgisa.maria.' * 3}wolfeschlegelsteinhausen@example.com", "")
    states = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.CANCELLED)
    return [order(status, email=email) for status, email in zip(states, emails, strict=True)]


def _task(status: TaskStatus, **other: Any) -> Task:
    return Task(**{"id": 1, "title": "Import", "url": "", "error": ""} | other, status=status)


def _brought(status: str) -> Any:
    return SimpleNamespace(status=SimpleNamespace(value=status))
