"""How feeds do, in the words that the command line and the pages share."""

from shlex import quote
from typing import assert_never

from aggregator.model.polls import Outcome
from aggregator.store.base import FeedHealth
from aggregator.urls import without_credentials

OUTCOMES: dict[Outcome, str] = {
    Outcome.NEW: "news",
    Outcome.UNCHANGED: "nothing new",
    Outcome.NOT_MODIFIED: "not modified",
    Outcome.GONE: "gone",
    Outcome.FAILED: "failed",
}
"""What people call the outcomes of polls."""


def standing(feed: FeedHealth) -> str:
    """Return in one word how a feed does: its status, or ``new``, or ``failing``."""
    if feed.status != "active":
        return feed.status
    if feed.last_poll is None:
        return "new"
    return "failing" if feed.rhythm.failures else "active"


def why(feed: FeedHealth) -> str:
    """Return what is wrong, else why the next poll is when it is."""
    match feed.status:
        case "paused":
            return "paused in the configuration"
        case "archived":
            return "no longer in the configuration"
        case "active" | "stopped":
            error = feed.last_poll.sentence if feed.last_poll and feed.rhythm.failures else None
            told = (error, f"{feed.due_reason}.", feed.problem, _moved(feed))
            return " ".join(filter(None, told))
        case never:
            assert_never(never)


def _moved(feed: FeedHealth) -> str | None:
    if feed.moved_to is None:
        return None
    there, called = without_credentials(feed.moved_to), quote(feed.name)
    return f"It has moved to {there}: `aggregator feeds move {called}` writes that down."
