"""Faults on purpose: what a shop must survive, switched on by a test and off again.

From Python ``stand_in.faults.set(webhooks="twice", api=[{"kind": "lost"}])`` and ``.clear()``;
over HTTP ``POST /_faults`` with the same words as JSON, ``GET`` shows them, ``DELETE`` clears.
Each setting replaces the one before as a whole::

    {"webhooks": "late",          late | twice | reordered | never, or a list of several
     "webhook_probability": 1,    for late, twice and never: of each event
     "late_s": 60,                on the stand-in's own clock, from the event on
     "seed": 0,                   the same seed and the same requests: the same faults
     "api": [{"path": "/v1/checkout/sessions",  the address; * stands for anything (the default)
              "method": "POST",                 any, when left out
              "kind": "slow",                   slow | 429 | 500 | drop | lost
              "times": 2,                       until cleared, when left out
              "seconds": 1.5,                   for slow; 1 when left out
              "probability": 0.1}]}             of each request; 1 when left out

- *reordered*: whatever is due goes out in a mixed order, the oldest last. *never*: what falls
  due while the switch is on is not sent afterwards either; ``/v1/events`` still lists it.
- *drop*: the connection is closed before anything is done. *lost*: everything is done, then it
  is closed without an answer. *429*, *500*: refused, nothing is done and no idempotency key used.
- The first fault of the list that fits a request and has times left is the one that happens.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from random import Random

from .store import Json

WEBHOOK_FAULTS = frozenset({"late", "twice", "reordered", "never"})
API_FAULTS = frozenset({"slow", "429", "500", "drop", "lost"})


@dataclass
class ApiFault:
    """One fault of the API; ``times`` counts down to 0, None never ends."""

    kind: str
    path: str = "*"
    method: str | None = None
    times: int | None = None
    seconds: float = 1.0
    probability: float = 1.0

    def __post_init__(self) -> None:
        self.kind = str(self.kind)
        if self.kind not in API_FAULTS:
            message = f"kind {self.kind!r}: must be one of {', '.join(sorted(API_FAULTS))}"
            raise ValueError(message)
        self.seconds, self.probability = float(self.seconds), float(self.probability)
        self.times = None if self.times is None else int(self.times)

    def fits(self, method: str, path: str) -> bool:
        """Tell whether it is meant for this request and not used up."""
        asked = self.method is None or self.method.upper() == method
        return asked and self.times != 0 and fnmatchcase(path, self.path)


class Faults:
    """The switches of one stand-in; may be set and read from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def set(
        self,
        *,
        webhooks: str | Sequence[str] = (),
        api: Sequence[Mapping[str, object]] = (),
        webhook_probability: float = 1.0,
        late_s: float = 60.0,
        seed: int = 0,
    ) -> None:
        """Replace every switch; raise ValueError or TypeError, changing none, for a wrong one."""
        words = frozenset([webhooks] if isinstance(webhooks, str) else webhooks)
        if unknown := words - WEBHOOK_FAULTS:
            message = f"webhooks {', '.join(sorted(unknown))}: must be of " + ", ".join(
                sorted(WEBHOOK_FAULTS)
            )
            raise ValueError(message)
        made = [ApiFault(**each) for each in api]  # type: ignore[arg-type]  # it checks its words
        chance, late, drawn = float(webhook_probability), float(late_s), Random(int(seed))  # noqa: S311 (repeatable, not secret)
        with self._lock:
            self._webhooks, self._api = words, made
            self._webhook_probability, self._late_s = chance, late
            self._seed, self._random = int(seed), drawn

    def clear(self) -> None:
        """Let everything go well again."""
        self.set()

    def as_json(self) -> Json:
        """Return the switches as they are now, times counted down."""
        with self._lock:
            return {
                "webhooks": sorted(self._webhooks),
                "webhook_probability": self._webhook_probability,
                "late_s": self._late_s,
                "seed": self._seed,
                "api": [asdict(each) for each in self._api],
            }

    def of_request(self, method: str, path: str) -> ApiFault | None:
        """Return what goes wrong with this request, counted; None lets it through."""
        with self._lock:
            for fault in self._api:
                if fault.fits(method, path) and self._random.random() < fault.probability:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault
        return None

    def is_late(self, delivery: int, waits_s: float) -> bool:
        """Tell whether this delivery, first due so long ago, is still held back."""
        return self.happens("late", delivery) and waits_s < self._late_s

    def happens(self, word: str, delivery: int) -> bool:
        """Tell whether this fault befalls this delivery: the same answer at every call."""
        if word not in self._webhooks:
            return False
        drawn = Random(f"{self._seed} {word} {delivery}").random()  # noqa: S311 (repeatable)
        return drawn < self._webhook_probability

    def pick(self, due: Sequence[int]) -> int:
        """Return which of the due deliveries, oldest first, goes out next."""
        if "reordered" not in self._webhooks or len(due) == 1:
            return due[0]
        return Random(f"{self._seed} {due}").choice(due[1:])  # noqa: S311 (repeatable)
