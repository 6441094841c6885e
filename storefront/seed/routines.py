"""Writes the starting routines: ``seed/routines/*.md``, each made of steps of tutorials."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from models import Routine, RoutinePart, Tutorial
from storefront.text import RENDERER, render


def add_routines(session: Session, folder: Path, tutorials: Mapping[str, Tutorial]) -> None:
    """Write the routines of a folder in the order of its files; commits nothing.

    tutorials: by handle. A part's ``steps`` are positions of its tutorial's steps; a part without
    them takes all.
    """
    for position, path in enumerate(sorted(folder.glob("*.md"))):
        _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        front = tomllib.loads(head)
        routine = Routine(
            **{name: front[name] for name in ("handle", "title", "summary")},
            body_markdown=body.strip() + "\n",
            body_html=render(body),
            renderer=RENDERER,
            position=position,
        )
        routine.parts = [
            RoutinePart(
                tutorial_id=tutorials[part["tutorial"]].id,
                position=place,
                steps=part.get("steps", []),
            )
            for place, part in enumerate(front["part"])
        ]
        session.add(routine)
