"""What one types to edit a tutorial and its steps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, ValidationError

from models import Tutorial
from storefront.forms import Form, quantity_from
from storefront.staff import pictures
from storefront.staff.editing.forms import NewForm, TextForm, at_most, frame_of
from storefront.staff.tutorials.service import FIGURES, LISTS, WORDS, Draft, StepDraft, draft_of
from storefront.staff.typed import LinesField, LongTextField, checked

MOST_STEPS = 60
LONGEST_TEXT = 100_000
KINDS = {it: it.capitalize() for it in ("placement", "motion", "timing", "pressure", "release")}
_STEP = re.compile(r"step-([0-9]{1,3})-title")
_FIGURE: Any = {"inputmode": "numeric", "autocomplete": "off"}
_LINES: Any = {"rows": 6}


class StepForm(Form):
    """One step."""

    title = StringField("Title", [DataRequired("Enter a title."), at_most(200)])
    kind = SelectField("Kind", choices={"": "None", **KINDS})
    text = LongTextField("Text", [at_most(10_000)], description="Markdown.", render_kw={"rows": 4})
    figure = SelectField("Figure")
    figure_alt = LongTextField("What the figure shows", [at_most(500)], render_kw={"rows": 3})
    seconds = StringField("Seconds", description="Empty: as long as it takes.", render_kw=_FIGURE)
    rest_s = StringField("Rest after it, in seconds", render_kw=_FIGURE)
    cue = StringField("What the player says", [at_most(200)])
    is_per_side = BooleanField("Again on the other side")
    is_optional = BooleanField("Only for whom the steps before were easy")
    place = StringField("Place", render_kw=_FIGURE)
    was = HiddenField()

    def validate_place(self, field: Field) -> None:
        """Refuse what is no place."""
        if field.data:
            checked(quantity_from, field.data)

    def validate_seconds(self, field: Field) -> None:
        """Refuse what is no time to hold."""
        if field.data:
            checked(_seconds_from, field.data, 1)

    def validate_rest_s(self, field: Field) -> None:
        """Refuse what is no time to rest."""
        checked(_seconds_from, field.data or "0")

    def validate_figure_alt(self, field: Field) -> None:
        """Refuse a figure without words for those who do not see it."""
        if self.figure.data and not field.data:
            message = "Say what the figure shows."
            raise ValidationError(message)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that a reader would see."""
        return not (self.title.data or self.text.data or self.figure.data or self.cue.data)

    def draft(self) -> StepDraft:
        """Return what was typed."""
        return StepDraft(
            title=str(self.title.data),
            kind=self.kind.data or "",
            text=self.text.data or "",
            figure=self.figure.data or "",
            figure_alt=" ".join((self.figure_alt.data or "").split()),
            seconds=_seconds_from(self.seconds.data, 1) if self.seconds.data else None,
            rest_s=_seconds_from(self.rest_s.data or "0"),
            cue=self.cue.data or "",
            is_per_side=bool(self.is_per_side.data),
            is_optional=bool(self.is_optional.data),
            was=_position_from(self.was.data),
        )


class NewTutorialForm(NewForm):
    """A tutorial that does not exist yet."""

    muscle = SelectField("Muscle")


class TutorialForm(TextForm):
    """A tutorial without its steps."""

    minutes = StringField("Minutes", render_kw=_FIGURE)
    breath_in_s = StringField("Breathe in, seconds", render_kw=_FIGURE)
    breath_out_s = StringField("Breathe out, seconds", render_kw=_FIGURE)
    which_end = LongTextField("Which end", [at_most(1000)], render_kw={"rows": 3})
    frequency = LongTextField("How often", [at_most(1000)], render_kw={"rows": 3})
    needs = LinesField("What one needs", [at_most(5000)], render_kw=_LINES)
    cautions = LinesField(
        "Cautions",
        [DataRequired("Enter at least one caution."), at_most(20_000)],
        render_kw=_LINES,
    )
    stop_signs = LinesField("When to stop", [at_most(5000)], render_kw=_LINES)
    released = LongTextField("How one knows it worked", [at_most(5000)], render_kw={"rows": 3})
    symptoms = LinesField("What people feel", [at_most(5000)], render_kw=_LINES)
    body = LongTextField("About it", [at_most(LONGEST_TEXT)], render_kw={"rows": 14})
    products = LinesField("Products", [at_most(5000)], render_kw={"rows": 3})
    references = LinesField("Further references", [at_most(10_000)], render_kw={"rows": 3})

    def validate_minutes(self, field: Field) -> None:
        """Refuse what is no number of minutes."""
        checked(_minutes_from, field.data or "0")

    def validate_breath_in_s(self, field: Field) -> None:
        """Refuse a pace that nobody breathes at."""
        checked(_pace_from, field.data)

    validate_breath_out_s = validate_breath_in_s


@dataclass
class Edit:
    """The form of a tutorial with those of its steps, in their order."""

    form: TutorialForm
    steps: list[StepForm]

    def validate(self) -> bool:
        """Check every field of every step that is not empty; put the steps where they are to be."""
        self.steps = [step for step in self.steps if not step.is_empty]
        parts = [self.form.validate(), *(step.validate() for step in self.steps)]
        if not self.steps:
            self.form.title.errors = [*self.form.title.errors, "Write at least one step."]
        if not all(parts) or not self.steps:
            return False
        self.steps = _placed(self.steps)
        return True

    def rebase(self) -> None:
        """Forget where the steps were: somebody else may have moved them."""
        for step in self.steps:
            step.was.data = ""

    def arrange(self, act: str) -> None:
        """Add a step, or move or remove one: ``add``, ``up-2``, ``down-2``, ``remove-2``."""
        what, _, typed = act.partition("-")
        at = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else -1  # noqa: PLR2004
        words = [{**step.data, "place": ""} for step in self.steps]
        if what == "add" and len(words) < MOST_STEPS:
            words.append({"was": "0"})
        elif what == "remove" and 0 <= at < len(words):
            del words[at]
        elif what in {"up", "down"} and 0 <= at < len(words):
            moved = words.pop(at)
            words.insert(max(0, at - 1) if what == "up" else at + 1, moved)
        self.steps = [_step_form(number, data=data) for number, data in enumerate(words)]

    def draft(self) -> Draft:
        """Return what was typed."""
        typed = self.form.data
        words: dict[str, Any] = {
            **{name: " ".join((typed[name] or "").split()) for name in WORDS},
            **{name: int(typed[name] or 0) for name in FIGURES},
            **{name: _lines(self.form[name]) for name in (*LISTS, "products", "references")},
        }
        steps = [step.draft() for step in self.steps]
        return Draft(body=typed["body"] or "", steps=steps, **words)


def _placed(steps: list[StepForm]) -> list[StepForm]:
    """Return the steps in the order of the places that were typed; one that is not stays.

    A step that was moved up stands before the one whose place it takes, else behind it.
    """
    wanted = []
    for at, step in enumerate(steps, start=1):
        place = int(step.place.data) if step.place.data else at
        wanted.append((place, (place > at) - (place < at), at, step))
    return [step for *_, step in sorted(wanted, key=lambda it: it[:3])]


def edit_of(tutorial: Tutorial, zone: str, sent: MultiDict[str, str] | None = None) -> Edit:
    """Return the forms with what was sent, else filled with a tutorial as it is."""
    draft = draft_of(tutorial)
    form = TutorialForm(sent, data={**words_of(draft), **frame_of(tutorial, zone)})
    form.zone = zone
    if sent is None:
        steps = [
            _step_form(at, data={**_typed(step), "was": str(at + 1)})
            for at, step in enumerate(draft.steps)
        ]
    else:
        found = sorted(int(it[1]) for name in sent if (it := _STEP.fullmatch(name)))
        steps = [_step_form(number, sent) for number in found[:MOST_STEPS]]
    return Edit(form, steps)


def words_of(draft: Draft) -> dict[str, str]:
    """Return a draft's fields, without the steps, as one types them, by their names."""
    lists = (*LISTS, "products", "references")
    return {
        **{name: getattr(draft, name) for name in (*WORDS, "body")},
        **{name: str(getattr(draft, name)) for name in FIGURES},
        **{name: "\n".join(getattr(draft, name)) for name in lists},
    }


def labelled(draft: Draft) -> dict[str, str]:
    """Return all that a draft says, its steps too, by the labels of the fields."""
    empty = TutorialForm()
    words = {str(empty[name].label.text): text for name, text in words_of(draft).items()}
    return words | {f"Step {at}": _told(it) for at, it in enumerate(draft.steps, start=1)}


def _told(step: StepDraft) -> str:
    """Return a step as lines of text."""
    extra = {
        "Kind": step.kind,
        "Figure": step.figure,
        "Shows": step.figure_alt,
        "Seconds": str(step.seconds or ""),
        "Rest": str(step.rest_s or ""),
        "Says": step.cue,
        "Again on the other side": "yes" if step.is_per_side else "",
        "Only if it was easy": "yes" if step.is_optional else "",
    }
    return "\n".join([step.title, step.text, *(f"{k}: {v}" for k, v in extra.items() if v)])


def _typed(step: StepDraft) -> dict[str, object]:
    words: dict[str, object] = {name: getattr(step, name) for name in step.__slots__}
    del words["was"]
    return words | {"seconds": str(step.seconds or ""), "rest_s": str(step.rest_s or "")}


def _step_form(
    number: int, sent: MultiDict[str, str] | None = None, data: dict[str, Any] | None = None
) -> StepForm:
    form = StepForm(sent, prefix=f"step-{number}-", data=data)
    form.figure.choices = pictures.figures((data or {}).get("figure"))
    return form


def _lines(field: Field) -> Sequence[str]:
    return field.lines if isinstance(field, LinesField) else []


def _position_from(typed: str | None) -> int | None:
    """Return where a step was: 0 for a new one, None where the form does not tell."""
    return int(typed) if typed and re.fullmatch(r"[0-9]{1,3}", typed) else None


def _minutes_from(typed: str | None) -> int:
    return quantity_from(typed, smallest=0)


def _pace_from(typed: str | None) -> int:
    return quantity_from(typed, smallest=2, largest=20)


def _seconds_from(typed: str | None, smallest: int = 0) -> int:
    return quantity_from(typed, smallest=smallest, largest=3600)
