"""What a store knows of hubs: a part of `aggregator.store.base.Store`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aggregator.websub.subscription import Prospect, Push


class HubStore(Protocol):
    """How we stand with the hubs of feeds."""

    def prospects(self, now: datetime, limit: int) -> tuple[Prospect, ...]:
        """Return the feeds about whose hub there is something to do, the longest due first.

        That is when a document offers another hub than the one before, and when what was kept
        says so.
        """

    def prospect(self, key: str) -> Prospect | None:
        """Return what there is about a feed's hub, None without such a feed."""

    def called(self, token: str) -> Prospect | None:
        """Return the feed whose hub has a callback with this token, None without any."""

    def keep_push(self, push: Push) -> None:
        """Store how we stand with the hub of a feed; of one that is gone nothing is kept.

        A feed that was pushed and is no more is due when it would have been without its hub.
        """

    def postpone_pushes(self, until: Sequence[tuple[str, datetime]]) -> None:
        """Let the hubs of these feeds be, until their times: they are no prospects before."""

    def move_pushes(self, address: str, now: datetime) -> None:
        """See to it that every hub is told that callbacks are below this address.

        Feeds with a callback below another are prospects ``now``.
        """

    def forget_push(self, key: str) -> None:
        """Keep nothing about a feed's hub but what its document offers; it is due as above."""

    def forget_pushes(self) -> None:
        """Do the same for every feed of which a hub tells us, because nobody listens."""
