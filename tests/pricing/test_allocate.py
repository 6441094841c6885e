from hypothesis import given
from hypothesis import strategies as st

from storefront.pricing.allocate import allocate, part_of


def test_a_cent_goes_to_the_largest_remainder_and_of_equals_to_the_first():
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(10, [5, 3, 2]) == [5, 3, 2]
    assert allocate(1, [1, 3]) == [0, 1]
    assert allocate(7, [0, 0]) == [7, 0]
    assert allocate(0, []) == []


def test_a_part_is_rounded_half_up():
    assert part_of(1050, 100_000, 1_000_000) == 105
    assert part_of(1055, 100_000, 1_000_000) == 106  # 105.5
    assert part_of(1054, 100_000, 1_000_000) == 105
    assert part_of(19, 1, 2) == 10


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=50),
)
def test_no_cent_is_lost_and_no_share_is_off_by_more_than_one(amount, weights):
    shares = allocate(amount, weights)

    assert sum(shares) == amount
    assert min(shares) >= 0
    whole = sum(weights)
    if whole:
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share * whole - amount * weight) < whole
