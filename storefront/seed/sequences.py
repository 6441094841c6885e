"""The sequences of mails that a new shop starts with."""

import tomllib
from pathlib import Path

from sqlalchemy.orm import Session

from models import Sequence, SequenceMail, SequenceTrigger
from storefront.newsletter.events import BOUGHT
from storefront.text import RENDERER, render

# The last two end every sequence; a file may name them.
REASONS = frozenset({BOUGHT, "unsubscribed", "bounced"})


def add_sequences(session: Session, folder: Path) -> None:
    """Write each sequence of a folder: ``<handle>/sequence.toml`` and its mails, ``1-….md`` on."""
    for path in sorted(folder.glob("*/sequence.toml")):
        session.add(_sequence(path))


def _sequence(path: Path) -> Sequence:
    front = tomllib.loads(path.read_text(encoding="utf-8"))
    stops_on = front.get("stops_on", [])
    if unknown := set(stops_on) - REASONS:
        message = f"{path}: nothing ends a sequence by {sorted(unknown)}"
        raise ValueError(message)
    return Sequence(
        handle=path.parent.name,
        title=front["title"],
        trigger=SequenceTrigger(front["trigger"]),
        topic=front.get("topic", ""),
        stops_on=stops_on,
        is_active=front.get("is_active", False),
        mails=[_mail(it) for it in sorted(path.parent.glob("*.md"), key=_position)],
    )


def _position(path: Path) -> int:
    return int(path.name.split("-")[0])


def _mail(path: Path) -> SequenceMail:
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    words = tomllib.loads(front)
    markdown = body.strip() + "\n"
    return SequenceMail(
        position=_position(path),
        subject=words["subject"],
        delay_hours=words["delay_hours"],
        body_markdown=markdown,
        body_html=render(markdown),
        renderer=RENDERER,
    )
