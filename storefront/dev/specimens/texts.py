"""Texts, in lists and as they are read, and routines, as specimens show them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from models import (
    Article,
    Author,
    Blog,
    Claim,
    Muscle,
    Practice,
    Reference,
    Routine,
    RoutinePart,
    Tutorial,
    TutorialStep,
)
from storefront.dev.specimens.shelf import LONG, SUMMARY
from storefront.languages import gettext
from storefront.paging import Slice
from storefront.routines.log.chart import pain_chart
from storefront.routines.plan import of_routine, of_tutorial
from storefront.text import render

DAY = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
TITLE = "The QL muscle: why the low back aches when it only holds you up"
SAID = "It let go on the third evening.\n\nI had pressed too hard before: less is more."
ARABIC = "\u0634\u0643\u0631\u0627\u060c \u0644\u0642\u062f \u0633\u0627\u0639\u062f\u0646\u064a"
CITATION = "Gray H. Anatomy of the Human Body. 20th ed. Philadelphia: Lea & Febiger; 1918."
PROSE = """\
## Where it lies

A muscle as deep as this one is *felt* rather than seen.[^gray] It runs from the **hip bone** to the
lowest rib, and holds you up when you [stand on one leg](/pages/ql-release).

### When it aches

1. After hours on a chair.
2. After a heavy bag, always on the same side.

- Press, and wait.
- Breathe out longer than in.

> It holds until it is told that it may stop.

::: caution
Never press on the spine itself.
:::

::: tip
A folded towel under the tool makes it milder.
:::

| Edge | Where it is | How it feels |
| --- | --- | --- |
| upper | the lowest rib | like a rope |
| lower | the hip bone | like a flat strap |

Trigger point
: A spot that hurts elsewhere when it is pressed.

![Where it lies](figure:ql-anatomy "The muscle spans the gap between rib and hip.")
"""


def article(**other: Any) -> Article:
    """Return an article with a figure, but for what is said otherwise."""
    usual: dict[str, Any] = {
        "handle": "ql-muscle",
        "title": TITLE,
        "summary": "It is no weak muscle. It is a tired one.",
        "figure": "ql-anatomy",
        "figure_alt": "The muscle between rib and hip",
        "published_at": DAY,
        "updated_at": DAY + timedelta(12),
        "author": Author(handle="mara", name="Mara Lind", credentials="physical therapist"),
        "blog": Blog(handle="the-ql-blawg", title="The QL Blawg"),
    }
    return Article(**(usual | other))


def tutorial(name: str = "Quadratus lumborum", **other: Any) -> Tutorial:
    """Return a tutorial of four steps, but for what is said otherwise."""
    usual: dict[str, Any] = {
        "handle": "ql-release",
        "title": "QL release",
        "summary": "Lie on your side, and let the tip sink into the gap.",
        "minutes": 6,
        "muscle": Muscle(handle="ql", name=name),
        "breath_in_s": 4,
        "breath_out_s": 6,
        "needs": ["The tool", "A mat, or a carpet"],
        "cautions": ["Not over a fracture, nor while you take blood thinners.", LONG],
        "stop_signs": ["Sharp pain", "Tingling or numbness"],
        "symptoms": [],
        "released": "",
        "steps": [
            _step(0, "Place the tool", "placement", figure="ql-step-placement"),
            _step(1, "Sink into it", "pressure", seconds=60, rest_s=20, is_per_side=True),
            _step(2, LONG, "pressure", seconds=30, is_optional=True),
            _step(3, "Come off slowly", "end", figure="ql-step-end"),
        ],
    }
    return Tutorial(**(usual | other))


def _step(position: int, title: str, kind: str, **other: Any) -> TutorialStep:
    usual: dict[str, Any] = {
        "text_html": f"<p>{SUMMARY}</p>",
        "figure": None,
        "figure_alt": "She lies on the floor with the tool under her.",
        "seconds": None,
        "rest_s": 0,
        "cue": "Breathe out, and let it sink.",
        "is_per_side": False,
        "is_optional": False,
    }
    return TutorialStep(position=position, title=title, kind=kind, **(usual | other))


def cards() -> dict[str, Any]:
    """Return what the page of texts in lists shows."""
    routine = Routine(
        handle="evening",
        title="Evening routine",
        summary="Ten minutes for who sat all day.",
        parts=[
            RoutinePart(tutorial=tutorial(), steps=[]),
            RoutinePart(tutorial=tutorial("Piriformis"), steps=[1, 2]),
        ],
    )
    return {
        "articles": {
            "plain": ("With a figure", article(), 0),
            "comments": ("With comments", article(), 12),
            "bare": ("No figure, no summary", article(figure=None, summary=""), 0),
            "draft": ("Not published", article(published_at=None), 1),
            "long": ("Long title", article(title=LONG, summary=LONG), 1),
        },
        "tutorials": [tutorial(), tutorial("Piriformis", title=LONG, minutes=0, summary="")],
        "routine": routine,
        "plan": of_routine(routine),
    }


def reading() -> dict[str, Any]:
    """Return what the page of texts and what stands beside them shows."""
    gray = Reference(key="gray", citation=CITATION, isbn="9780808912491", url="https://example.com")
    bare = Reference(key="bare", citation="A letter, not printed.")
    claims = [
        Claim(
            text="The muscle bends the trunk to its side.",
            references=[gray, bare],
            reviewer="Mara Lind",
            reviewed_on=date(2026, 3, 9),
            review_by=date(2027, 3, 9),
        ),
        Claim(text=LONG, references=[], reviewer="", review_by=date(2027, 3, 9)),
    ]
    return {
        "html": render(PROSE, {"gray": gray.markdown}),
        "sources": {"whole": ("With its links", gray), "bare": ("Without any", bare)},
        "claims": claims,
        "cites": [gray, bare],
        "article": article(),
        "reading_minutes": 7,
        "discussion": {"total": 3},
        "contents": [("where", "Where it lies"), ("ache", "When it aches"), ("long", LONG)],
        "said": {
            "plain": ("Paragraphs", SAID),
            "markup": ("Markup is shown as text", "<b>bold</b> https://example.com/" + "a" * 90),
            "arabic": ("From right to left", ARABIC),
        },
    }


def routines() -> dict[str, Any]:
    """Return what the page of routines shows."""
    plan = of_tutorial(tutorial())
    pains = ((8, 5), (7, 4), (7, None), (5, 2))
    done = [
        Practice(
            key=f"specimen-{at}",
            done_at=DAY + timedelta(2 * at),
            title="QL release" if at else LONG,
            url="/pages/ql-release" if at else "",
            seconds=360,
            pain_before=before,
            pain_after=after,
            note="" if at else "Slept better.",
        )
        for at, (before, after) in enumerate(pains)
    ]
    return {
        "plan": plan,
        "sides": {"first": gettext("Left side"), "other": gettext("Right side")},
        "chart": pain_chart(done),
        "page": Slice(1, 20, len(done), done),
    }
