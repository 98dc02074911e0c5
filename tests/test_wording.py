"""Numbers and sizes as people read them."""

import pytest

from aggregator.wording import signed, sized


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (12_345, "12 kB"),
        (1_250_000, "1.2 MB"),
        (2_000_000_000, "2,000 MB"),
    ],
)
def test_a_size_is_told_in_its_largest_unit(number: int, told: str) -> None:
    assert sized(number) == told


@pytest.mark.parametrize(("number", "told"), [(3, "+3"), (-1_200, "-1,200"), (0, "=")])
def test_a_change_is_told_with_its_sign(number: int, told: str) -> None:
    assert signed(number) == told
