"""What hubs call us for, as the application hands it on: an answer comes from another thread."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from aggregator.websub.answers import Intent
from aggregator.websub.subscription import Callback


class UnavailableError(Exception):
    """Nobody can answer just now: too much waits already, or the daemon stops."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A document that a hub sent, as it travelled: ``codings`` are still to be undone."""

    body: bytes
    content_type: str | None = None
    codings: tuple[str, ...] = ()


class Calls(Protocol):
    """Answers hubs; called by the application's thread, and never waits.

    A future ends with `StoreError` where the database cannot be asked, with `UnavailableError`
    where there is no use in waiting.
    """

    def confirm(self, token: str, intent: Intent) -> Future[str | None]:
        """Return what is to be echoed to a hub that asks for it, None where we do not agree."""

    def find(self, token: str) -> Future[Callback | None]:
        """Return the callback that a delivery is for, None for one that is not valid."""

    def ignore(self, token: str) -> Future[None]:
        """Note that something came that its hub did not sign."""

    def deliver(self, token: str, delivery: Delivery) -> Future[None]:
        """Take in what a hub sent; done when it is committed."""
