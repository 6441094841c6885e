"""What of a column's value stands in the audit log, which is kept for good."""

import enum
import json
import re
from datetime import date
from typing import Any

LONGEST = 200
HIDDEN = "(not shown)"
PERSONAL = "(personal)"
_SECRET = re.compile(r"password|secret|token|sha256|credential|public_key|digest")
# Buyers and readers may ask to be forgotten; staff are who the log is about.
_PERSONAL = re.compile(
    r"email|recipient|^customer$|^name$|_name$|phone|address|line[12]|postal|city|author|note|message|body|text"
)
_PEOPLE = re.compile(
    r"^(customers?|orders?|comments?|comment_|subscri|carts?|payments?|goods_returns?|returns?|mails?"
    r"|profile|reviews?|addresses|customer_|discount_|order_|questions?|restock|waitlist)"
)
_PERSONAL_TOO = frozenset(  # buyers' words and addresses under other names
    {
        *(("documents", "content"), ("refunds", "note"), ("segments", "rule")),
        *(("saved_views", "query"), ("questions", "question"), ("questions", "asked_by")),
        ("reviews", "title"),
    }
)


def shown(table: str, column: str, value: Any) -> Any:
    """Return a value as the log keeps it: no secret, nothing of a buyer's person, no long text."""
    if value is None or isinstance(value, bool | int):
        return value
    if _SECRET.search(column):
        return HIDDEN
    is_personal = _PEOPLE.match(table) and _PERSONAL.search(column)
    if is_personal or (table, column) in _PERSONAL_TOO:
        return PERSONAL
    return shortened(_text(value))


def shortened(text: str) -> str:
    """Return a text, or its beginning and its length."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(text):,} characters)"


def _text(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return str(value)
