"""Sharing an amount out without losing a cent."""

from collections.abc import Sequence


def allocate(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Share an amount (>= 0) out in proportion to weights (>= 0), by largest remainder.

    The shares sum to the amount exactly; of equal remainders the first gets the unit. Where all
    weights are 0 everything goes to the first. Raises ValueError for an amount without weights.
    """
    if not weights:
        if amount_minor:
            message = f"{amount_minor} cannot be shared out among nothing"
            raise ValueError(message)
        return []
    whole = sum(weights)
    if not whole:
        return [amount_minor, *([0] * (len(weights) - 1))]
    shares = [amount_minor * weight // whole for weight in weights]
    remainders = [amount_minor * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
    for place in by_remainder[: amount_minor - sum(shares)]:
        shares[place] += 1
    return shares


def part_of(amount_minor: int, numerator: int, denominator: int, step: int = 1) -> int:
    """Return a part of an amount (>= 0), rounded half up to a multiple of ``step`` minor units."""
    coarse = denominator * step
    return (2 * amount_minor * numerator + coarse) // (2 * coarse) * step
