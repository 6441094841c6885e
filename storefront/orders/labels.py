"""The label that staff add to a return: read with suspicion, kept under a random name."""

import io
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from models import Order, OrderEvent, ReturnStatus
from storefront.mail.letters import Letters
from storefront.media.making import clean
from storefront.media.reading import RefusedError, read
from storefront.orders import returns
from storefront.sent_pictures.jobs import discard_later

MOST_BYTES = 5 * 1024 * 1024
PDF, PNG = "application/pdf", "image/png"
ENDINGS = {PDF: "pdf", PNG: "png"}
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA)\b")


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it is kept. key: random, names its file in the storage."""

    key: str
    media_type: str
    content: bytes


def label_file(key: str) -> str:
    """Return the name of a label's file in the storage."""
    return f"labels/{key}"


def label_from(file: FileStorage | None) -> Label:
    """Return the label that was sent, a picture made anew; or RefusedError, for people.

    Decodes, so not inside a transaction.
    """
    if file is None or not file.filename:
        message = "Choose the label, as a PDF or a picture."
        raise RefusedError(message)
    content = file.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        message = f"It is larger than {MOST_BYTES // 1024**2} MB."
        raise RefusedError(message)
    if content.startswith(b"%PDF-"):
        return Label(secrets.token_hex(32), PDF, _checked(content, file.filename))
    return Label(secrets.token_hex(32), PNG, _drawn(content, file))


def add(  # noqa: PLR0913 (of which return, and who is told)
    session: Session,
    order: Order,
    return_id: int,
    label: Label,
    letters: Letters,
    *,
    actor: str,
) -> None:
    """Add a label whose file is kept to an accepted return, and mail the buyer that it is there.

    One that it had before gives way to it. The order's lines must be loaded. Raises
    DecidedMeanwhileError where the return waits for nothing (any more); the caller rolls back then.
    """
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    found = returns.loaded(session, return_id)
    if found.status is not ReturnStatus.ACCEPTED:
        raise returns.DecidedMeanwhileError(return_id)
    if found.label_key:
        discard_later(session, [label_file(found.label_key)])
    found.label_key, found.label_type = label.key, label.media_type
    note = f"Return {return_id}."
    session.add(OrderEvent(order_id=order.id, kind="return label", actor=actor, note=note))
    session.flush()
    letters.return_label(session, order, found)


def _checked(content: bytes, name: str) -> bytes:
    """Refuse a PDF that is named otherwise, ends too early, or does something when it is opened."""
    if not name.lower().endswith(".pdf"):
        message = "It is a PDF, but its name says otherwise. Name it as what it is."
        raise RefusedError(message)
    if b"%%EOF" not in content[-1024:]:
        message = "It ends too early or is broken. Send it again."
        raise RefusedError(message)
    if _ACTIVE.search(content):
        message = "Something in this PDF runs when it is opened. Print it to a new PDF first."
        raise RefusedError(message)
    return content


def _drawn(content: bytes, file: FileStorage) -> bytes:
    read(content, file.filename or "", file.mimetype or "")
    out = io.BytesIO()
    try:
        clean(content).save(out, "PNG")
    except (OSError, ValueError, SyntaxError):
        message = "It could not be read. Save it anew in a picture program."
        raise RefusedError(message) from None
    return out.getvalue()
