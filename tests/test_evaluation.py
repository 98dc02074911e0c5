"""Precision, recall and F1 with their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.evaluation import FEW, Measure, Tally, Verdict, by_language, tally, wilson


def rounded(measure: Measure | None) -> tuple[float, ...] | None:
    if measure is None:
        return None
    return tuple(round(each, 3) for each in (measure.value, measure.low, measure.high))


@pytest.mark.parametrize(
    ("successes", "trials", "expected"),
    [
        # The values that statsmodels' proportion_confint(method="wilson") gives.
        (8, 10, (0.8, 0.490, 0.943)),
        (0, 10, (0.0, 0.0, 0.278)),
        (10, 10, (1.0, 0.722, 1.0)),
        (1, 1, (1.0, 0.207, 1.0)),
        (0, 0, None),
    ],
)
def test_intervals_are_wilsons(
    successes: int, trials: int, expected: tuple[float, ...] | None
) -> None:
    assert rounded(wilson(successes, trials)) == expected


def test_measures_count_what_each_speaks_of() -> None:
    counts = Tally(entries=20, true_positives=6, false_positives=2, false_negatives=4)
    assert (counts.expected, rounded(counts.precision)) == (10, (0.75, 0.409, 0.929))
    assert rounded(counts.recall) == (0.6, 0.313, 0.832)
    assert rounded(counts.f1) == (0.667, 0.405, 0.855)


def test_what_never_occurs_has_no_measure() -> None:
    counts = Tally(3, 0, 0, 0)
    assert (counts.precision, counts.recall, counts.f1) == (None, None, None)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_f1_is_the_harmonic_mean_and_lies_in_its_interval(hits: int, false: int, lost: int) -> None:
    counts = Tally(200, hits, false, lost)
    f1, precision, recall = counts.f1, counts.precision, counts.recall
    if f1 is None:
        assert hits + false + lost == 0
        return
    assert 0 <= f1.low <= f1.value <= f1.high <= 1
    if precision and recall and hits:
        mean = 2 / (1 / precision.value + 1 / recall.value)
        assert f1.value == pytest.approx(mean)


def test_verdicts_are_counted_by_what_was_expected_and_given() -> None:
    verdicts = [
        Verdict("sahel", "en", expected, given)
        for expected, given in ((True, True), (True, False), (False, True), (False, False))
    ]
    assert tally(verdicts) == Tally(4, 1, 1, 1)


def test_rare_languages_are_counted_together_and_last() -> None:
    languages = ["ha"] * (FEW - 1) + ["fr"] * (FEW + 5) + ["sw"] * 8 + ["en"] * FEW
    found = by_language(Verdict("sahel", language, True, True) for language in languages)
    assert {name: counts.entries for name, counts in found.items()} == {
        **{"fr": FEW + 5, "en": FEW},
        "others": FEW + 7,
    }
    assert list(found) == ["fr", "en", "others"]
