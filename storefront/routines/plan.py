"""From the steps of tutorials to a plan: what is done when, side by side, second by second."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from models import Routine, Tutorial, TutorialStep
from storefront.languages import gettext, lazy_gettext
from storefront.text import plain

Kind = Literal["ready", "do", "hold", "rest", "switch"]
Side = Literal["", "first", "other"]

READY_S = 15
SHORTEST_DO_S, LONGEST_DO_S = 15, 45
WORDS_A_SECOND = 2  # read, understood and done
STOP = lazy_gettext("Sharp pain, tingling, numbness or a pulse: come off at once.")
SWITCH = "switch"  # the kind of the step that changes sides


@dataclass(frozen=True, slots=True)
class Moment:
    """One stretch of time in a plan.

    kind: ``do`` has no time of its own, so it gets what its words take; ``hold`` is held.
    step: what is done, None for a rest or to get ready. side: the first or the other one.
    """

    kind: Kind
    title: str
    seconds: int
    cue: str
    side: Side = ""
    step: TutorialStep | None = None
    is_optional: bool = False
    breath_in_s: int = 4
    breath_out_s: int = 6


@dataclass(frozen=True, slots=True)
class Part:
    """What a plan takes of one tutorial."""

    tutorial: Tutorial
    steps: Sequence[TutorialStep]


@dataclass(frozen=True, slots=True)
class Plan:
    """A tutorial or a routine, ready to be played or printed. path: the address of its page."""

    title: str
    summary: str
    path: str
    parts: Sequence[Part]
    moments: Sequence[Moment] = field(default_factory=list)

    def moment_of(self, number: int) -> Moment | None:
        """Return where a step begins, counted from 1; None of the first, and of none there is."""
        steps = [step for part in self.parts for step in part.steps]
        step = steps[number - 1] if 1 < number <= len(steps) else None
        return next((it for it in self.moments if step is not None and it.step is step), None)

    @property
    def seconds(self) -> int:
        """How long it takes without the optional steps."""
        return sum(moment.seconds for moment in self.moments if not moment.is_optional)

    @property
    def optional_seconds(self) -> int:
        """How much longer it takes with them."""
        return sum(moment.seconds for moment in self.moments if moment.is_optional)

    @property
    def sides(self) -> int:
        """How many sides are done: 2, 1, or 0 where the steps know none."""
        return len({moment.side for moment in self.moments} - {""})

    @property
    def cautions(self) -> list[str]:
        """What to read first; what several tutorials say alike, once."""
        return _once(caution for part in self.parts for caution in part.tutorial.cautions)

    @property
    def stop_signs(self) -> list[str]:
        """When to stop at once."""
        return _once(sign for part in self.parts for sign in part.tutorial.stop_signs)

    @property
    def needs(self) -> list[str]:
        """What to have at hand."""
        return _once(need for part in self.parts for need in part.tutorial.needs)

    @property
    def released(self) -> list[str]:
        """How one knows that it worked, for each part."""
        return _once(part.tutorial.released for part in self.parts if part.tutorial.released)


def of_tutorial(tutorial: Tutorial) -> Plan:
    """Return the plan of a tutorial; its steps and muscle must be loaded."""
    parts = [Part(tutorial, tutorial.steps)]
    path = f"/pages/{tutorial.handle}"
    return Plan(tutorial.title, tutorial.summary, path, parts, _moments(parts))


def of_routine(routine: Routine) -> Plan:
    """Return the plan of a routine; its parts with tutorials, muscles and steps must be loaded."""
    parts = [Part(part.tutorial, _chosen(part.tutorial, part.steps)) for part in routine.parts]
    path = f"/routines/{routine.handle}"
    return Plan(routine.title, routine.summary, path, parts, _moments(parts))


def minutes(seconds: int) -> int:
    """Return seconds as whole minutes, rounded up, for people who plan their evening."""
    return max(1, -(-seconds // 60))


def _chosen(tutorial: Tutorial, positions: Sequence[int]) -> list[TutorialStep]:
    return [step for step in tutorial.steps if not positions or step.position in positions]


def _moments(parts: Sequence[Part]) -> list[Moment]:
    found: list[Moment] = []
    for part in parts:
        name = part.tutorial.muscle.name
        now, first = gettext("Now: %(name)s.", name=name), gettext("Have the tool within reach.")
        cue = f"{now if found else first} {STOP}"
        found.append(Moment("ready", gettext("Get ready"), READY_S, cue))
        found.extend(_of_part(part))
    return found


def _of_part(part: Part) -> Iterator[Moment]:
    """Yield the moments of a part: what comes before, one side, the change, the other, the end.

    A part without a step that changes sides is done on one side only.
    """
    steps = [step for step in part.steps if step.kind != SWITCH]
    switch = [step for step in part.steps if step.kind == SWITCH]
    sided = [step for step in steps if step.is_per_side]
    begin = steps.index(sided[0]) if sided else len(steps)
    end = steps.index(sided[-1]) + 1 if sided else len(steps)
    runs: list[tuple[Sequence[TutorialStep], Side]] = [
        (steps[:begin], ""),
        (steps[begin:end], "first"),
        (switch, "other" if sided else ""),
        (steps[begin:end] if switch else [], "other"),
        (steps[end:], ""),
    ]
    for run, side in runs:
        for step in run:
            yield from _of_step(part.tutorial, step, side)


def _of_step(tutorial: Tutorial, step: TutorialStep, side: Side) -> Iterator[Moment]:
    breath_in_s, breath_out_s = tutorial.breath_in_s, tutorial.breath_out_s
    kind: Kind = "switch" if step.kind == SWITCH else "hold" if step.seconds else "do"
    yield Moment(
        kind,
        step.title,
        step.seconds or _time_for(step),
        step.cue or plain(step.text_html),
        side,
        step,
        step.is_optional,
        breath_in_s,
        breath_out_s,
    )
    if step.rest_s:
        rest = gettext("Let your weight off and breathe as you like.")
        optional = step.is_optional
        title, length_s = gettext("Rest"), step.rest_s
        yield Moment("rest", title, length_s, rest, side, None, optional, breath_in_s, breath_out_s)


def _time_for(step: TutorialStep) -> int:
    """Return how long a step without a time of its own may take, in fives of seconds."""
    needed = -(-len(plain(step.text_html).split()) // (5 * WORDS_A_SECOND)) * 5
    return min(max(needed, SHORTEST_DO_S), LONGEST_DO_S)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
