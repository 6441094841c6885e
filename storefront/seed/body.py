"""Writes the muscles, where it hurts, and the glossary into an empty shop."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import BodySide, GlossaryTerm, Muscle, Reference, Region, RegionMuscle
from models.content import muscle_references
from storefront.text import RENDERER, render

FOLDER = Path(__file__).parent
Table = Mapping[str, Any]


def add_muscles(session: Session, references: Mapping[str, Reference]) -> dict[str, Muscle]:
    """Write the muscles with their figures and sources; return them by handle."""
    muscles: dict[str, Muscle] = {}
    for position, row in enumerate(_rows("muscles.toml", "muscle")):
        columns = {name: value for name, value in row.items() if name != "references"}
        muscles[row["handle"]] = muscle = Muscle(position=position, **columns)
        session.add(muscle)
        session.flush()  # its id is needed for its sources
        sources = [
            {"muscle_id": muscle.id, "reference_id": references[key].id, "position": place}
            for place, key in enumerate(row.get("references", []))
        ]
        if sources:
            session.execute(insert(muscle_references), sources)
    return muscles


def add_regions(
    session: Session, muscles: Mapping[str, Muscle], references: Mapping[str, Reference]
) -> None:
    """Write the regions of the body map, each with the muscles that may lie behind a pain there."""
    citations = {key: reference.markdown for key, reference in references.items()}
    for position, row in enumerate(_rows("regions.toml", "region")):
        session.add(
            Region(
                handle=row["handle"],
                name=row["name"],
                side=BodySide(row["side"]),
                position=position,
                summary=row["summary"],
                body_markdown=row["body"],
                body_html=render(row["body"], citations),
                renderer=RENDERER,
                muscles=[
                    RegionMuscle(muscle=muscles[it["muscle"]], position=place, note=it["note"])
                    for place, it in enumerate(row.get("muscle", []))
                ],
            )
        )


def add_glossary(session: Session) -> None:
    """Write the words that the texts use."""
    for row in _rows("glossary.toml", "term"):
        session.add(
            GlossaryTerm(
                handle=row["handle"],
                term=row["term"],
                also=row.get("also", []),
                definition_markdown=row["definition"],
                definition_html=render(row["definition"]),
                renderer=RENDERER,
                see=row.get("see"),
            )
        )


def _rows(name: str, kind: str) -> list[Table]:
    """Return the tables of a kind in a seed file, none where there is no such file."""
    path = FOLDER / name
    if not path.exists():
        return []
    rows: list[Table] = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
    return rows
