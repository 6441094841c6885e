"""What the shelf promises while a cart is put together: never more than there is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from models import Selling
from storefront.catalog.shelf import PLENTY, Part, Shelf

STOCKED = (1, 2, 3)
BUNDLES = (11, 12)
parts = st.builds(
    Part,
    available=st.integers(-5, 20),
    selling=st.sampled_from(Selling),
    promise=st.sampled_from(["", "Ships in May"]),
)
made_of = st.dictionaries(st.sampled_from(STOCKED), st.integers(1, 4), min_size=1)


@st.composite
def shelves(draw):
    stock = {part: draw(parts) for part in STOCKED}
    bundles = {bundle: draw(made_of) for bundle in BUNDLES}
    return Shelf({part: {part: 1} for part in STOCKED} | bundles, stock), stock


lines = st.lists(st.tuples(st.sampled_from(STOCKED + BUNDLES), st.integers(0, 30)), max_size=8)


def fill(shelf, wanted):
    """Take of each line what can be ordered, as the cart does; returns what was taken."""
    taken = []
    for variant_id, quantity in wanted:
        units = min(quantity, shelf.orderable(variant_id))
        shelf.take(variant_id, units)
        taken.append((variant_id, units))
    return taken


@given(shelves(), lines)
def test_no_cart_takes_more_of_a_part_than_there_is_unless_it_can_wait(made, wanted):
    shelf, stock = made

    fill(shelf, wanted)

    for part, units in shelf.needs.items():
        assert units > 0
        assert units <= stock[part].available or stock[part].can_wait
        assert shelf.must_wait(part) == (units > stock[part].available)


@given(shelves(), lines)
def test_what_is_needed_is_what_the_lines_are_made_of(made, wanted):
    shelf, _ = made

    taken = fill(shelf, wanted)

    needs = {}
    for variant_id, quantity in taken:
        for part, units in shelf.parts[variant_id].items():
            needs[part] = needs.get(part, 0) + units * quantity
    assert shelf.needs == {part: units for part, units in sorted(needs.items()) if units}


@given(shelves(), lines, st.sampled_from(STOCKED + BUNDLES))
def test_what_is_in_stock_can_be_taken_without_waiting_and_one_more_cannot(made, wanted, variant):
    shelf, stock = made
    fill(shelf, wanted)

    units = shelf.in_stock(variant)

    assert 0 <= units <= shelf.orderable(variant) <= PLENTY
    short = [
        part
        for part, of_one in shelf.parts[variant].items()
        if of_one * (units + 1) > stock[part].available - shelf.needs.get(part, 0)
    ]
    assert short
    if all(stock[part].can_wait for part in short):
        assert shelf.promise(variant, units + 1)
    if units and not shelf.promise(variant):
        assert shelf.promise(variant, units) == ""


@given(shelves(), lines)
def test_a_line_promises_a_date_exactly_where_it_must_wait(made, wanted):
    shelf, _ = made

    for variant_id, units in fill(shelf, wanted):
        waits = any(shelf.must_wait(part) for part in shelf.parts[variant_id])
        if units:
            assert bool(shelf.promise(variant_id)) == waits


def test_an_unknown_variant_is_never_there():
    shelf = Shelf({}, {})

    assert (shelf.in_stock(1), shelf.orderable(1), shelf.promise(1, 1)) == (0, 0, "")


@given(shelves(), st.dictionaries(st.sampled_from(STOCKED), st.integers(-5, 60)))
def test_what_a_page_may_show_alike_looks_alike(made, changed):
    shelf, stock = made
    other = {
        it: replace(part, available=changed.get(it, part.available)) for it, part in stock.items()
    }
    later = Shelf(shelf.parts, other)

    for variant_id in shelf.parts:
        if shelf.shown(variant_id) == later.shown(variant_id):
            assert looks(shelf, variant_id) == looks(later, variant_id)


def looks(shelf, variant_id):
    """All that a page asks of the shelf."""
    in_stock, orderable = shelf.counted(variant_id)
    return (
        *(in_stock, orderable, shelf.in_stock(variant_id) > 0, shelf.orderable(variant_id) > 0),
        *(shelf.promise(variant_id, in_stock + 1), shelf.is_preorder(variant_id, in_stock + 1)),
        shelf.is_preorder(variant_id, 1) and shelf.in_stock(variant_id) == 0,
    )
