"""Comments, reviews and questions as specimens show them."""

from typing import Any

from models import Answer, Comment, CommentStatus, Question, Region, Review
from storefront.comments.discussion import Discussion
from storefront.comments.forms import CommentForm
from storefront.dev.specimens.shelf import LONG, SUMMARY
from storefront.dev.specimens.texts import ARABIC, DAY, SAID
from storefront.paging import Slice


def values() -> dict[str, Any]:
    """Return what the page of comments, reviews and questions shows."""
    region = Region(handle="hip", name="Side of the hip")
    usual: dict[str, Any] = {"language": "en", "published_at": DAY, "region": region}
    comment = {"status": CommentStatus.PUBLISHED, "helpful_count": 0, "is_staff": False} | usual
    return {
        "comments": {
            "plain": ("Of a reader", Comment(id=1, name="Jo", text=SAID, **comment)),
            "helpful": (
                "Helpful, long name",
                Comment(id=2, name=LONG[:110], text=ARABIC, **comment | {"helpful_count": 12}),
            ),
            "staff": (
                "Of the shop",
                Comment(id=3, name="", text=SUMMARY, **comment | {"is_staff": True}),
            ),
            "withdrawn": (
                "Withdrawn",
                Comment(id=4, text="", **comment | {"status": CommentStatus.WITHDRAWN}),
            ),
        },
        "reviews": {
            "plain": ("Five stars", _review(1, 5, "It lets go", SAID, 6, **usual)),
            "bare": (
                "No title, no region",
                _review(2, 1, "", "Not for me.", None, **usual | {"region": None}),
            ),
            "answered": (
                "Answered by the shop",
                _review(3, 3, LONG[:110], SAID, 0, answer="Thank you. Try the ramp.", **usual),
            ),
        },
        "questions": {
            "waiting": ("Nobody has answered", _question(1)),
            "answered": (
                "Answered by the shop and a buyer",
                _question(2, answer=SAID, answered_by="Mara", answers=[_answer()]),
            ),
        },
        "discussions": {
            "empty": ("Nobody has said anything", _discussion(CommentForm())),
            "refused": ("Refused", _discussion(_refused(), "Please correct what is marked below.")),
        },
    }


def _review(
    review_id: int, stars: int, title: str, text: str, weeks: int | None, **other: Any
) -> Review:
    said = {"answer": ""} | other
    return Review(
        id=review_id, stars=stars, title=title, text=text, weeks=weeks, name="Anna", **said
    )


def _question(question_id: int, **other: Any) -> Question:
    usual = {"answer": "", "answered_by": "", "answers": [], "language": "en"}
    return Question(id=question_id, question="Does it work on a bed?", **(usual | other))


def _answer() -> Answer:
    return Answer(name="Jo", text="No. On the floor it does.", language="en")


def _discussion(form: CommentForm, error: str | None = None) -> Discussion:
    return Discussion("/pages/ql-release", 0, Slice(1, 20, 0), [], form, error=error)


def _refused() -> CommentForm:
    form = CommentForm(data={"name": "Jo", "email": "jo@", "comment": ""})
    form.region.choices = []
    form.validate()
    return form
