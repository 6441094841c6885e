"""What the shop imports stays for good, so nobody looks it over for garbage."""

import gc
import weakref

import pytest

import app
from storefront.starting import uncollected


class Knot:
    """Something that only a collector takes away."""

    def __init__(self):
        self.itself = self


def test_the_parts_of_the_shop_are_set_aside_and_what_is_made_later_is_collected():
    assert not any(it is app.__dict__ for it in gc.get_objects())
    assert gc.get_freeze_count() > 100_000
    assert gc.isenabled()

    knot = weakref.ref(Knot())
    gc.collect()

    assert knot() is None


def test_a_part_that_cannot_be_imported_leaves_the_collector_at_work():
    with pytest.raises(ImportError), uncollected():
        raise ImportError

    assert gc.isenabled()
