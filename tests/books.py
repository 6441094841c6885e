"""The books of a large shop: many orders and variants at once, written in bulk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from models import (
    Cart,
    Comment,
    CommentStatus,
    Customer,
    Job,
    Location,
    Mail,
    Order,
    OrderLine,
    OrderStatus,
    OrderTag,
    Page,
    PageKind,
    Payment,
    PaymentStatus,
    Product,
    ProductStatus,
    Purchase,
    PurchaseLine,
    PurchaseStatus,
    Question,
    Refund,
    RefundStatus,
    Return,
    ReturnLine,
    ReturnStatus,
    Stock,
    StockCount,
    StockLevel,
    StockMovement,
    StockTake,
    StockTakeStatus,
    Subscriber,
    SubscriberStatus,
    Supplier,
    Task,
    TaskStatus,
    Variant,
)
from models.audit_log import AuditEntry
from models.inventory import MovementKind

FIRST = 1_000_000  # ids from here on, so that they meet no other row's
PER_PRODUCT = 10
BATCH = 5000
DAYS = 700  # over which the orders are spread, up to now
PAID, SHIPPED = OrderStatus.PAID, OrderStatus.SHIPPED
PRICE = 8900
Row = dict[str, Any]


def write_books(connection: Connection, *, orders: int, variants: int, start: int = 0) -> None:
    """Write so many orders, paid and mostly shipped, of so many variants with stock and ledger.

    With them comes what such a shop has beside: drafts, returns, purchases, stock takes, letters,
    questions, tasks, an audit log. start: how many were written before. The caller commits.
    """
    shelf = range(FIRST + start, FIRST + start + variants)
    books = range(FIRST + start, FIRST + start + orders)
    first = books[0]
    sold = [id_ for id_ in books if not _is_draft(id_)]
    here = connection.scalar(select(func.min(Location.id)))
    products = sorted({id_ // PER_PRODUCT for id_ in shelf})
    for model, rows in (
        (Product, (_product(id_) for id_ in products)),
        (Variant, (_variant(id_) for id_ in shelf)),
        (Stock, ({"variant_id": id_, "on_hand": id_ % 50} for id_ in shelf)),
        (StockLevel, (_level(id_, here) for id_ in shelf)),
        (Customer, (_customer(id_) for id_ in books[: orders // 10])),
        (Subscriber, (_subscriber(id_) for id_ in books[::20])),
        (Cart, (_cart(id_) for id_ in books)),
        (Order, (_order(id_) for id_ in books)),
        (OrderTag, ({"order_id": id_, "tag": f"tag {id_ % 70}"} for id_ in books[::10])),
        (OrderLine, (_line(id_, shelf[id_ % variants]) for id_ in books)),
        (Payment, (_payment(id_) for id_ in sold)),
        (Refund, (_refund(id_) for id_ in books[::50])),
        (StockMovement, (_sold(id_, shelf[id_ % variants], here) for id_ in sold)),
        (Return, (_return(id_) for id_ in books[::100])),
        (ReturnLine, (_return_line(id_) for id_ in books[::100])),
        (Supplier, iter([_supplier(first)])),
        (Purchase, (_purchase(id_, first, here) for id_ in shelf[::10])),
        (PurchaseLine, (_purchase_line(id_) for id_ in shelf)),
        (StockTake, (_take(id_, here) for id_ in shelf[::100])),
        (StockCount, (_count(id_) for id_ in shelf)),
        (Mail, (_mail(id_) for id_ in books[::5])),
        (Job, (_job(id_) for id_ in books[::5])),
        (Page, iter([_page(first)])),
        (Comment, (_comment(id_, first) for id_ in books[::20])),
        (Question, (_question(id_, products[0]) for id_ in books[::50])),
        (Task, (_task(id_) for id_ in books[::50])),
        (AuditEntry, (_entry(id_) for id_ in books[::5])),
    ):
        _write(connection, model.__table__, rows)


def _write(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    while some := list(islice(rows, BATCH)):
        connection.execute(insert(table), some)


def _moment(id_: int) -> datetime:
    """Spread evenly, the newest a moment ago."""
    seconds = (id_ * 7919) % (DAYS * 86_400)
    return datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=seconds)


def _product(id_: int) -> Row:
    return {
        "id": id_,
        "handle": f"tool-{id_}",
        "title": f"Tool {id_}",
        "summary": "",
        "description_markdown": "",
        "description_html": "",
        "renderer": "1",
        "status": ProductStatus.ACTIVE,
        "option_names": ["Size"],
    }


def _variant(id_: int) -> Row:
    return {
        "id": id_,
        "product_id": id_ // PER_PRODUCT,
        "sku": f"TOOL-{id_}",
        "options": [str(id_)],
        "price_minor": PRICE,
        "price_currency": "USD",
        "low_at": 3,
        "barcode": f"{id_:013}",
    }


def _customer(id_: int) -> Row:
    email = f"buyer-{id_}@example.org"
    since = {"password_hash": "x", "created_at": _moment(id_)}
    return {"id": id_, "email": email, "name": "Buyer", **since}


def _cart(id_: int) -> Row:
    return {"id": id_, "token_sha256": f"{id_:064}", "created_at": _moment(id_)}


def _level(variant_id: int, location_id: int | None) -> Row:
    return {"variant_id": variant_id, "location_id": location_id, "on_hand": variant_id % 50}


def _subscriber(id_: int) -> Row:
    return {
        "id": id_,
        "email": f"buyer-{id_}@example.org" if id_ % 40 else f"reader-{id_}@example.org",
        "status": SubscriberStatus.CONFIRMED,
        "secret": str(id_),
        "created_at": _moment(id_),
    }


def _is_draft(id_: int) -> bool:
    return id_ % 500 == 1  # nothing of it was paid, refunded, returned or mailed


def _order(id_: int) -> Row:
    moment = _moment(id_)
    status = PAID if id_ % 100 == 0 else SHIPPED
    return {
        "id": id_,
        "number": f"QL-{id_:08}",
        "token": "t",
        "status": OrderStatus.DRAFT if _is_draft(id_) else status,
        "cart_id": id_,
        "email": f"buyer-{id_}@example.org",
        "name": "Buyer",
        "total_minor": PRICE,
        "currency": "USD",
        "subtotal_minor": PRICE,
        "attention": "Look." if id_ % 1000 == 0 else None,
        "first_content": f"/pages/text-{id_ % 40}" if id_ % 3 == 0 else None,
        "last_content": f"/pages/text-{id_ % 30}" if id_ % 3 == 0 else None,
        "created_at": moment,
        "paid_at": None if _is_draft(id_) else moment,
    }


def _line(id_: int, variant_id: int) -> Row:
    return {
        "id": id_,
        "order_id": id_,
        "variant_id": variant_id,
        "product_handle": f"tool-{variant_id // PER_PRODUCT}",
        "title": "Tool",
        "sku": f"TOOL-{variant_id}",
        "quantity": 1,
        "unit_price_minor": PRICE,
        "unit_price_currency": "USD",
    }


def _payment(id_: int) -> Row:
    moment = _moment(id_)
    return {
        "id": id_,
        "order_id": id_,
        "key": f"QL-{id_:08}-1",
        "status": PaymentStatus.PAID,
        "amount_minor": PRICE,
        "currency": "USD",
        "captured_minor": PRICE,
        "captured_currency": "USD",
        "refunded_minor": 100 if id_ % 50 == 0 else 0,
        "session_id": f"cs_{id_}",
        "expires_at": moment,
        "created_at": moment,
        "paid_at": moment,
    }


def _refund(id_: int) -> Row:
    return {
        "id": id_,
        "payment_id": id_,
        "key": f"refund-{id_}",
        "status": RefundStatus.SUCCEEDED,
        "amount_minor": 100,
        "currency": "USD",
        "actor": "x",
        "created_at": _moment(id_),
    }


def _sold(id_: int, variant_id: int, location_id: int | None) -> Row:
    return {
        "id": id_,
        "variant_id": variant_id,
        "location_id": location_id,
        "kind": MovementKind.SOLD,
        "on_hand": -1,
        "actor": "x",
        "order_id": id_,
        "created_at": _moment(id_),
    }


def _mail(id_: int) -> Row:
    return {
        "id": id_,
        "key": f"order_paid:{id_}",
        "recipient": f"buyer-{id_}@example.org",
        "subject": "Your order",
        "text": "Thanks.",
        "html": "",
        "order_id": id_,
        "sent_at": _moment(id_),
        "created_at": _moment(id_),
    }


def _job(id_: int) -> Row:
    return {
        "id": id_,
        "kind": "send-mail",
        "key": f"send-mail:{id_}",
        "run_at": _moment(id_),
        "done_at": _moment(id_),
    }


def _return(id_: int) -> Row:
    statuses = [*ReturnStatus]
    return {
        "id": id_,
        "order_id": id_,
        "status": statuses[id_ // 100 % len(statuses)],
        "note": "Too small.",
        "actor": "x",
        "created_at": _moment(id_),
    }


def _return_line(id_: int) -> Row:
    return {"id": id_, "return_id": id_, "order_line_id": id_, "quantity": 1}


def _supplier(id_: int) -> Row:
    return {"id": id_, "name": f"Supplier {id_}", "currency": "USD"}


def _purchase(id_: int, supplier_id: int, location_id: int | None) -> Row:
    statuses = [*PurchaseStatus]
    return {
        "id": id_,
        "number": f"PO-{id_}",
        "supplier_id": supplier_id,
        "location_id": location_id,
        "status": statuses[id_ // 10 % len(statuses)],
        "currency": "USD",
        "actor": "x",
        "created_at": _moment(id_),
    }


def _purchase_line(id_: int) -> Row:
    return {
        "id": id_,
        "purchase_id": id_ // 10 * 10,
        "variant_id": id_,
        "quantity": 10,
        "cost_minor": 4000,
    }


def _take(id_: int, location_id: int | None) -> Row:
    return {
        "id": id_,
        "title": f"Count {id_}",
        "location_id": location_id,
        "status": StockTakeStatus.BOOKED if id_ % 1000 else StockTakeStatus.OPEN,
        "actor": "x",
        "created_at": _moment(id_),
    }


def _count(id_: int) -> Row:
    return {
        "stock_take_id": id_ // 100 * 100,
        "variant_id": id_,
        "counted": id_ % 7,
        "expected": id_ % 5,
        "counted_at": _moment(id_),
        "actor": "x",
    }


def _question(id_: int, product_id: int) -> Row:
    return {
        "id": id_,
        "product_id": product_id,
        "question": "Does it help?",
        "answer": "" if id_ % 100 else "It does.",
        "created_at": _moment(id_),
    }


def _task(id_: int) -> Row:
    return {
        "id": id_,
        "kind": "write-export",
        "title": "Export: orders",
        "status": TaskStatus.DONE,
        "actor": "x",
        "created_at": _moment(id_),
        "finished_at": _moment(id_),
    }


def _entry(id_: int) -> Row:
    return {
        "number": id_,
        "actor": f"staff-{id_ % 7}@example.org",
        "role": "owner",
        "act": "staff.orders.ship",
        "subject": f"/staff/orders/QL-{id_:08}/ship",
        "before": {},
        "after": {f"orders:{id_}": {"status": "shipped"}},
        "previous_digest": f"{id_ - 5:064}",
        "digest": f"{id_:064}",
        "created_at": _moment(id_),
    }


def _page(id_: int) -> Row:
    return {"id": id_, "kind": PageKind.PAGE, "handle": f"page-{id_}", "title": "A page"}


def _comment(id_: int, page_id: int) -> Row:
    return {
        "id": id_,
        "page_id": page_id,
        "name": "Reader",
        "email": f"reader-{id_}@example.org",
        "text": "Does it help?",
        "status": CommentStatus.WAITING if id_ % 200 == 0 else CommentStatus.PUBLISHED,
        "created_at": _moment(id_),
    }
