"""What a store knows of outputs that remember: a part of `aggregator.store.base.Store`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.query.nodes import Node


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry that an output has, or had: ``entry`` is its id, ``public_id`` what readers see.

    ``page`` is the number of the archive that it is in for good, None while it is in the feed
    itself. ``gone_at`` is since when it is no longer published, None while it is. ``former`` is
    the number of an archive that it was in before it was gone and came back.
    """

    entry: str
    public_id: str
    page: int | None = None
    gone_at: datetime | None = None
    former: int | None = None

    @property
    def shelved(self) -> int:
        """The number of the archive that it is in, or was in last; 0 if it never was."""
        return self.page or self.former or 0


class OutputStore(Protocol):
    """What was published where; an output is known by its name."""

    def placed(self, output: str) -> tuple[Placed, ...]:
        """Return every entry that an output has, or had, by the entries' ids."""

    def keep_placed(self, output: str, placed: Sequence[Placed]) -> None:
        """Take it that an output has these entries so; what is kept of others stays."""

    def ceased(self, output: str, query: Node | None, now: datetime) -> frozenset[str]:
        """Return which entries an output has, or had, that should not be in it any more.

        They are stored, but do not match its query as it is now, or their publisher has
        withdrawn them.
        """
