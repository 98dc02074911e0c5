"""How well tags fit what people say: precision, recall and F1, with intervals of 95 %.

The intervals of precision and recall are Wilson's. F1 is 2J / (1 + J), where J is the share of
the true among all that either we or people tagged: its interval is Wilson's of J, so converted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Measure:
    """A share from 0 to 1, and the interval that holds the true one with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people say of one tag on one entry, and what the rules say."""

    tag: str
    language: str
    expected: bool
    given: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How often rules and people agreed about a tag; each measure is None where nothing counts."""

    entries: int
    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def expected(self) -> int:
        """How many entries should carry the tag."""
        return self.true_positives + self.false_negatives

    @property
    def precision(self) -> Measure | None:
        """Of those that were tagged, the share that should be."""
        return wilson(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Measure | None:
        """Of those that should be tagged, the share that was."""
        return wilson(self.true_positives, self.expected)

    @property
    def f1(self) -> Measure | None:
        """The harmonic mean of both."""
        shared = wilson(self.true_positives, self.expected + self.false_positives)
        if shared is None:
            return None
        return Measure(*(2 * j / (1 + j) for j in (shared.value, shared.low, shared.high)))


def wilson(successes: int, trials: int) -> Measure | None:
    """Return a share with Wilson's score interval (E. B. Wilson, 1927); None without trials."""
    if trials == 0:
        return None
    share, spread = successes / trials, _Z**2 / trials
    centre = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt((share * (1 - share) + spread / 4) / trials) / (1 + spread)
    # At the ends the interval touches them exactly, but for rounding.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return Measure(share, low, high)


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Count verdicts."""
    pairs = Counter((verdict.expected, verdict.given) for verdict in verdicts)
    return Tally(
        entries=pairs.total(),
        true_positives=pairs[True, True],
        false_positives=pairs[False, True],
        false_negatives=pairs[True, False],
    )


FEW = 10
"""Languages with fewer entries are counted together."""
OTHERS = "others"


def by_language(verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    """Return verdicts by language, the most frequent first; rare languages last, together."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.language, []).append(verdict)
    ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    tallies = {language: tally(group) for language, group in ranked if len(group) >= FEW}
    rare = [verdict for _, group in ranked if len(group) < FEW for verdict in group]
    return {**tallies, OTHERS: tally(rare)} if rare else tallies
