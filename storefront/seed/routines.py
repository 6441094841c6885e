"""Writes the starting routines: ``seed/routines/*.md``, each made of steps of tutorials."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models import Routine, RoutinePart, Tutorial
from storefront.text import RENDERER, render


def timing(step: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a step of a tutorial's file says of time, cue and sides, as columns."""
    return {
        "seconds": step.get("seconds"),
        "rest_s": step.get("rest_s", 0),
        "cue": step.get("cue", ""),
        "is_per_side": step.get("per_side", False),
        "is_optional": step.get("optional", False),
    }


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
