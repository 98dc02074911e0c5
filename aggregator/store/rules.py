"""What a store knows of rules: a part of `aggregator.store.base.Store`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.model.entries import TaggedEntry
from aggregator.retagging import Candidates, Judged, TagStates


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A version of a tag's rule that was in use, and since when.

    ``definition`` is that of `aggregator.definitions`.
    """

    tag: str
    version: str
    definition: str
    first_used_at: datetime


Judge = Callable[[TaggedEntry], Judged]
"""Says which tags, of those in question, an entry is to carry."""


class RuleStore(Protocol):
    """The rules that were in use, and how far what is stored follows them."""

    def keep_rules(self, rules: Sequence[KeptRule]) -> None:
        """Keep the rules that are not kept yet; for good."""

    def kept_rules(self, tag: str) -> tuple[KeptRule, ...]:
        """Return every version of a tag's rule that was kept, that first used last first."""

    def follow_rules(self, versions: Mapping[str, str]) -> None:
        """Take it that polls tag by these versions from now on, and give no other tag.

        While nothing is stored, they are what everything was tagged by.
        """

    def tag_states(self) -> TagStates:
        """Return how far what is stored follows the rules, for every tag that was heard of."""

    def candidates(self, wanted: Candidates, after: int) -> Sequence[int]:
        """Return the numbers above ``after`` of the entries that are wanted, in ascending order.

        There may be some among them that do not match, never one too few. A later entry has a
        higher number.
        """

    def numbered(self, numbers: Sequence[int]) -> tuple[TaggedEntry, ...]:
        """Return the entries that have these numbers."""

    def begin_retag(self, targets: Mapping[str, str], held: Mapping[str, str]) -> int:
        """Begin to make what is stored follow these versions, or go on where it was interrupted.

        Return the number of the last entry that is done, 0 at the beginning. ``held`` are the
        versions in use that this undoes, if it does.
        """

    def retag(
        self, numbers: Sequence[int], targets: Mapping[str, str], judge: Judge, now: datetime
    ) -> tuple[Judged, ...]:
        """Make the tags of ``targets`` what ``judge`` says, of these entries, in one transaction.

        The entries are given to it as they are at that moment. Their other tags stay. Raises
        `OvertakenError` where another process has begun or ended the same work meanwhile.
        """

    def finish_retag(self, targets: Mapping[str, str]) -> None:
        """Take it that all that is stored follows these versions. Raises `OvertakenError`."""
