"""What a store knows of webhooks: a part of `aggregator.store.base.Store`.

There is no queue of its own: entries that polls have tagged are numbered in the order in which
they were, and a webhook remembers up to which of them it has been told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.model.entries import TaggedEntry


@dataclass(frozen=True, slots=True)
class Webhook:
    """How far a webhook has been told, by the numbers of `NewlyTagged`, and when to go on.

    ``failures`` counts those since it last took something.
    """

    name: str
    reached: int
    failures: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NewlyTagged:
    """An entry that a poll has tagged; ``given`` are those of its tags that polls gave it.

    Tags of a retag, of a feed's first poll and of archives are not among them.
    """

    number: int
    subject: TaggedEntry
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What polls have tagged behind a number, in order, up to ``end``."""

    found: Sequence[NewlyTagged]
    end: int


class WebhookStore(Protocol):
    """Which webhooks there are, and what each has been told."""

    def follow_webhooks(self, names: Collection[str], now: datetime) -> None:
        """Know these webhooks and no others; one that is new is told what is tagged from now on."""

    def webhooks(self) -> tuple[Webhook, ...]:
        """Return all that are known, by name."""

    def newly_tagged(self, behind: int, limit: int) -> Stretch:
        """Return the next entries that polls have tagged, those withdrawn left out."""

    def keep_webhook(self, webhook: Webhook, sent: str | None = None) -> None:
        """Store how far a webhook has been told, and which entry it has just taken, by id."""

    def was_sent(self, webhook: str, entry_id: str) -> bool:
        """Tell whether a webhook has taken an entry."""
