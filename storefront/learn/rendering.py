"""Rendering anew what an older renderer has left in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Article,
    Author,
    Base,
    GlossaryTerm,
    Page,
    Product,
    Reference,
    Region,
    Routine,
    TutorialStep,
    Video,
)
from storefront.text import RENDERER, render

BATCH = 100  # rows that are in memory at once
# Each table whose rows know their renderer, and the pair of columns that it renders.
TEXTS: Sequence[tuple[Any, str]] = (
    *((Product, "description"), (Author, "about"), (Article, "body"), (Page, "body")),
    *((Region, "body"), (Routine, "body"), (GlossaryTerm, "definition")),
)


def render_anew(session: Session) -> int:
    """Render every text whose renderer is not the present one; return how many there were.

    Steps are rendered with their tutorial, the words of films with the text that they belong to.
    Only the HTML changes: nothing looks as though somebody had edited it.
    """
    citations = {row.key: row.markdown for row in session.scalars(select(Reference))}
    return sum(_render_table(session, table, name, citations) for table, name in TEXTS)


def render_citing(session: Session, key: str) -> None:
    """Render anew every text that cites a reference; ``updated_at`` stays as it was."""
    mark = f"[^{key}]"
    for table, name in TEXTS:
        cites = getattr(table, f"{name}_markdown").contains(mark, autoescape=True)
        if table is Page:
            of_step = TutorialStep.text_markdown.contains(mark, autoescape=True)
            cites |= table.id.in_(select(TutorialStep.tutorial_id).where(of_step))
        if table in {Page, Article}:
            owner = Video.page_id if table is Page else Video.article_id
            of_film = Video.transcript_markdown.contains(mark, autoescape=True)
            cites |= table.id.in_(select(owner).where(of_film, owner.is_not(None)))
        kept = {"updated_at": table.updated_at} if hasattr(table, "updated_at") else {}
        old = update(table).where(cites).values(renderer="", **kept)
        session.execute(old.execution_options(synchronize_session=False))
    render_anew(session)


def _render_table(session: Session, table: Any, name: str, citations: dict[str, str]) -> int:
    count = 0
    markdown, html = getattr(table, f"{name}_markdown"), f"{name}_html"
    old = select(table.id, markdown).where(table.renderer != RENDERER).order_by(table.id)
    while rows := session.execute(old.limit(BATCH)).all():
        for row_id, text in rows:
            new = {html: render(text, citations), "renderer": RENDERER}
            _write(session, table, row_id, new)
            _render_what_belongs(session, table, row_id, citations)
        count += len(rows)
    return count


def _render_what_belongs(
    session: Session, table: Any, row_id: int, citations: dict[str, str]
) -> None:
    if table is Page:
        steps = select(TutorialStep.id, TutorialStep.position, TutorialStep.text_markdown)
        for step_id, position, text in session.execute(steps.filter_by(tutorial_id=row_id)).all():
            html = render(text, citations, notes=f"step-{position}")
            _write(session, TutorialStep, step_id, {"text_html": html})
    if table in {Page, Article}:
        owner = Video.page_id if table is Page else Video.article_id
        films = select(Video.id, Video.transcript_markdown).where(owner == row_id)
        for video_id, text in session.execute(films).all():
            _write(session, Video, video_id, {"transcript_html": render(text, citations)})


def _write(session: Session, table: type[Base], row_id: int, values: dict[str, Any]) -> None:
    """Change these columns alone: ``updated_at`` would else become now."""
    columns: Any = table
    kept = {"updated_at": columns.updated_at} if hasattr(table, "updated_at") else {}
    changed = update(table).where(columns.id == row_id).values(**values, **kept)
    session.execute(changed.execution_options(synchronize_session=False))
