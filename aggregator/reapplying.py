"""Rules over everything that is stored, a slice at a time: to see what would move, or to move it.

A slice is one short transaction, so that others poll meanwhile. Whoever is stopped between two
of them, or killed within one, goes on where the last one ended.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model.entries import Tag, TaggedEntry
from aggregator.retagging import Judged, Move, Plan, moves
from aggregator.store.base import Store

SLICE = 200
"""Entries judged in one transaction: some tenths of a second, for which no other can write."""

ASK_FIRST = 0.2
"""The part of the entries that carry a tag from which on its moving is a person's decision."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry that gained or lost a tag; ``tag`` is as it is carried, with why."""

    subject: TaggedEntry
    tag: Tag


@dataclass(slots=True)
class Tally:
    """What became of one tag so far; samples are the latest entries.

    ``carried`` counts the entries that carried it before.
    """

    most_samples: int = 0
    carried: int = 0
    gained: int = 0
    lost: int = 0
    renewed: int = 0
    samples_gained: deque[Sample] = field(default_factory=deque)
    samples_lost: deque[Sample] = field(default_factory=deque)

    @property
    def moved(self) -> int:
        """How many entries carry it otherwise than before, or not any more, or newly."""
        return self.gained + self.lost + self.renewed

    @property
    def moves_much(self) -> bool:
        """Whether a person should have a look before so much moves."""
        changing = self.gained + self.lost
        return changing > 0 and changing >= ASK_FIRST * self.carried

    def told(self) -> str:
        """Say how many entries gained it, lost it, and keep it for other reasons."""
        return f"+{self.gained:,} −{self.lost:,} ~{self.renewed:,} of {self.carried:,}"

    def count(self, name: str, move: Move, judged: Judged) -> None:
        """Count what became of the tag of that name on an entry."""
        self.carried += move is not Move.GAINED
        match move:
            case Move.GAINED:
                self.gained += 1
                self._keep(self.samples_gained, name, judged.subject, judged.given)
            case Move.LOST:
                self.lost += 1
                self._keep(self.samples_lost, name, judged.subject, judged.subject.tags)
            case Move.RENEWED:
                self.renewed += 1
            case Move.KEPT:
                pass

    def _keep(
        self, kept: deque[Sample], name: str, subject: TaggedEntry, tags: Iterable[Tag]
    ) -> None:
        kept.extendleft(Sample(subject, tag) for tag in tags if tag.name == name)
        while len(kept) > self.most_samples:
            kept.pop()


Visit = Callable[[Sequence[int]], Iterable[Judged]]
"""Judges the entries of these numbers."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a plan is walked through: entries in a slice, and samples of each kind for each tag."""

    slice: int = SLICE
    samples: int = 0


class Walk:
    """A way through the entries that a plan concerns; ``done`` of ``total`` are behind it.

    Every `step` raises `StoreError` where the database cannot do it; it may be tried again.
    """

    def __init__(
        self, store: Store, plan: Plan, visit: Visit, manner: Manner, *, after: int = 0
    ) -> None:
        self.plan = plan
        self.tallies: Mapping[str, Tally] = {name: Tally(manner.samples) for name in plan.targets}
        self.done = 0
        self._store = store
        self._visit = visit
        self._slice = manner.slice
        self._last = after
        self._numbers = store.candidates(plan.candidates, after)
        self._at = 0

    @property
    def total(self) -> int:
        """How many entries are concerned, as far as is known."""
        return self.done + len(self._numbers) - self._at

    def step(self) -> bool:
        """Judge the next slice; say whether there may be more."""
        if self._at == len(self._numbers):
            # What came while we walked.
            self._numbers = self._store.candidates(self.plan.candidates, self._last)
            self._at = 0
        numbers = self._numbers[self._at : self._at + self._slice]
        if not numbers:
            return False
        for judged in self._visit(numbers):
            if judged.subject.retracted_at is not None:
                # It follows as well, for it may come again; but nobody finds it, or counts it.
                continue
            for name, move in moves(judged, self.plan.targets).items():
                self.tallies[name].count(name, move, judged)
        self._last = numbers[-1]
        self._at += len(numbers)
        self.done += len(numbers)
        return True


def examine(store: Store, plan: Plan, manner: Manner = Manner()) -> Walk:
    """Return a way on which nothing is changed."""

    judge = plan.judge()

    def look(numbers: Sequence[int]) -> Iterable[Judged]:
        return map(judge, store.numbered(numbers))

    return Walk(store, plan, look, manner)


class Application:
    """A way on which what is stored is made to follow a plan.

    One that was interrupted, by whomever, goes on: ``resumed`` says so. ``held`` are versions in
    use that it undoes, for a person. Raises `OvertakenError` where another process begins or ends
    the same meanwhile.
    """

    def __init__(
        self,
        store: Store,
        plan: Plan,
        clock: Callable[[], datetime],
        manner: Manner = Manner(),
        *,
        held: Mapping[str, str] | None = None,
    ) -> None:
        after, judge = store.begin_retag(plan.targets, held or {}), plan.judge()

        def apply(numbers: Sequence[int]) -> Iterable[Judged]:
            return store.retag(numbers, plan.targets, judge, clock())

        self.resumed = after > 0
        self.walk = Walk(store, plan, apply, manner, after=after)
        self._store = store

    def step(self) -> bool:
        """Retag the next slice; say whether there is more to do."""
        if self.walk.step():
            return True
        self._store.finish_retag(self.walk.plan.targets)
        return False
