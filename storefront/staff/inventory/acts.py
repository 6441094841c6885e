"""What staff do to stock by hand: each act is a button of one form."""

from dataclasses import dataclass

from models.inventory import MovementKind


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with a quantity of units.

    kind: of its movement; None is a count, which sets what is on hand. is_signed: whether a
    negative quantity takes back. needs_reason: else a reference does as well; needs_words: else
    neither is asked for. done: what is said afterwards, of ``{n}`` units.
    """

    name: str
    button: str
    hint: str
    done: str
    kind: MovementKind | None
    is_signed: bool = False
    needs_reason: bool = True
    needs_words: bool = True


ADJUST = Act(
    "adjust",
    "Adjust stock",
    "Adds to what is on hand; -2 takes two away.",
    "{n:+d} on hand",
    MovementKind.ADJUSTED,
    is_signed=True,
)
RECEIVE = Act(
    "receive",
    "Receive stock",
    "A delivery is here. What of it was expected is no longer incoming.",
    "{n} received",
    MovementKind.RECEIVED,
    needs_reason=False,
)
COUNT = Act(
    "count",
    "Count",
    "Sets what is on hand to what you counted. Leave out what is paid and waits to be shipped.",
    "{n} on hand, as counted",
    None,
)
EXPECT = Act(
    "expect",
    "Expect a delivery",
    "Units are on their way; -5 when five will not come.",
    "{n:+d} incoming",
    MovementKind.EXPECTED,
    is_signed=True,
    needs_reason=False,
)
DAMAGED = Act(
    "damaged",
    "Set aside as damaged",
    "On hand, but not to be sold.",
    "{n} set aside as damaged",
    MovementKind.DAMAGED,
)
HELD = Act(
    "hold",
    "Hold for a check",
    "On hand, but not to be sold until looked at.",
    "{n} held for a check",
    MovementKind.QUALITY_HOLD,
)
PUT_BACK = Act(
    "put-back",
    "Put back",
    "Unavailable units can be sold again.",
    "{n} put back",
    MovementKind.PUT_BACK,
)
WRITE_OFF = Act(
    "write-off",
    "Write off",
    "Unavailable units leave the house.",
    "{n} written off",
    MovementKind.WRITTEN_OFF,
)

TRANSFER = Act(
    "transfer",
    "Transfer",
    "Free units go to the other location.",
    "{n} transferred",
    MovementKind.TRANSFERRED,
    needs_reason=False,
    needs_words=False,
)

# The first is what the Enter key does.
ACTS = {
    act.name: act
    for act in (ADJUST, RECEIVE, COUNT, EXPECT, DAMAGED, HELD, PUT_BACK, WRITE_OFF, TRANSFER)
}
