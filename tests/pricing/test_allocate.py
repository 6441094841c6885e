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


@given(st.integers(0, 10**9), st.integers(0, 1_000_000), st.sampled_from([1, 10]))
def test_a_part_is_a_multiple_of_its_step_and_off_by_half_of_it_at_most(amount, ppm, step):
    part = part_of(amount, ppm, 1_000_000, step)

    assert part % step == 0
    assert 2 * abs(part * 1_000_000 - amount * ppm) <= step * 1_000_000


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=9), st.randoms())
def test_the_order_of_equal_weights_alone_decides_who_gets_the_odd_cent(amount, weights, shuffled):
    others = list(weights)
    shuffled.shuffle(others)

    if sum(weights):
        assert sorted(allocate(amount, weights)) == sorted(allocate(amount, others))
