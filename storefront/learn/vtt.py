"""WebVTT: what captions and chapters are typed in. Source: W3C WebVTT, section 4."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 60_000
_TIME = r"(?:([0-9]{2,3}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_TAG = re.compile(r"<[^<>\n]*>")
_OTHER = ("NOTE", "STYLE", "REGION")


class VttError(ValueError):
    """It is no WebVTT; the message says what to correct, and on which line."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that stand from one moment of a film to another, both in seconds."""

    start_s: float
    end_s: float
    text: str

    @property
    def at(self) -> str:
        """Its beginning as people read it."""
        return clock(int(self.start_s))


def clock(seconds: int) -> str:
    """Return a time in seconds as people read it: ``1:05``, ``1:02:05``."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def parse(text: str) -> list[Cue]:
    """Return the cues of a WebVTT file in its order, or raise VttError."""
    if len(text) > LONGEST:
        message = f"Enter at most {LONGEST} characters."
        raise VttError(message)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT([ \t].*)?", lines[0]):
        message = "The first line must be WEBVTT."
        raise VttError(message)
    cues = [_cue(number, block) for number, block in _blocks(lines)]
    for before, after in pairwise(cues):
        if after.start_s < before.start_s:
            message = f"What begins at {after.at} stands after what begins at {before.at}."
            raise VttError(message)
    return cues


def cues(text: str) -> list[Cue]:
    """Return the cues of what is saved; none where there is nothing, or no WebVTT."""
    try:
        return parse(text) if text else []
    except VttError:
        return []


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each cue's lines, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*lines[1:], ""], start=2):
        if line.strip():
            block.append(line.strip())
        elif block:
            if block[0].split()[0] not in _OTHER:
                yield number - len(block), block
            block = []


def _cue(number: int, block: list[str]) -> Cue:
    place = 0 if "-->" in block[0] else 1  # a cue may begin with a name of its own
    found = _TIMING.fullmatch(block[place]) if place < len(block) else None
    if found is None:
        message = f"Line {number}: expected times such as 00:00.000 --> 00:04.000."
        raise VttError(message)
    times = found.groups()
    start_s, end_s = _seconds(*times[:4]), _seconds(*times[4:])
    words = " ".join(_TAG.sub("", line) for line in block[place + 1 :]).strip()
    if end_s <= start_s:
        message = f"Line {number}: the end must come after the beginning."
        raise VttError(message)
    if not words:
        message = f"Line {number}: there are no words under the times."
        raise VttError(message)
    return Cue(start_s, end_s, words)


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000
