"""What a round of polls came to, gathered while a bar on the terminal shows how far it is."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.finding import name_of
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Outcome, PollRecord, Refresh
from aggregator.urls import without_credentials


@dataclass(frozen=True, slots=True)
class Polled:
    """A feed that was polled, and when it will be again, and why then."""

    key: str
    name: str
    record: PollRecord
    due_at: datetime
    due_reason: str
    stopped: bool

    @property
    def failed(self) -> bool:
        """Whether nothing could be read; to be told that the feed is gone is that as well."""
        return self.record.outcome in {Outcome.FAILED, Outcome.GONE}

    @property
    def sentence(self) -> str:
        """What is wrong, empty if nothing is."""
        if self.record.outcome is Outcome.GONE:
            return f"{without_credentials(self.key)} is gone, says its publisher (HTTP 410)."
        return self.record.sentence or ""


@dataclass(frozen=True, slots=True)
class Left:
    """A feed that was asked for and left alone, until when (None is unknown), and why."""

    key: str
    name: str
    until: datetime | None
    reason: str


class Tally:
    """Hears of every poll of a round and keeps what a summary needs; entries are let go.

    ``moved`` is called after each.
    """

    def __init__(self, moved: Callable[["Tally"], None] = lambda _: None) -> None:
        self.polls: list[Polled] = []
        self.left_alone: list[Left] = []
        self.tags: Counter[str] = Counter()
        self._moved = moved

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        """Count a poll that was committed; tags count on new entries.

        An older document that was asked for besides counts for what it brought.
        """
        if not refresh.polled and not refresh.poll.new:
            return
        poll = Polled(
            state.key,
            name_of(state, refresh.feed),
            refresh.poll,
            refresh.due_at,
            refresh.due_reason,
            refresh.stopped,
        )
        self.polls.append(poll)
        self.tags.update(tag.name for tagged in refresh.new for tag in tagged.tags)
        self._moved(self)

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Keep which feed was left alone."""
        self.left_alone.append(Left(state.key, state.name, until, reason))
        self._moved(self)

    def told(self, event: str) -> None:
        """Keep nothing of it: whether the network is away is asked when the round is over."""

    @property
    def failed(self) -> int:
        """How many feeds could not be read."""
        return sum(poll.failed for poll in self.polls)

    @property
    def new(self) -> int:
        """How many entries are new."""
        return sum(poll.record.new for poll in self.polls)

    @property
    def changed(self) -> int:
        """How many entries were revised."""
        return sum(poll.record.changed for poll in self.polls)


@contextmanager
def tallied(feeds: int, *, bar: bool) -> Iterator[Tally]:
    """Give a tally for a round of so many feeds, with a bar on stderr if so wished."""
    if not bar:
        yield Tally()
        return
    shown = Progress(
        TextColumn("polling"),
        BarColumn(bar_width=20),  # short of the edge, where an echoed ^C would break the line
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with shown as progress:
        task = progress.add_task("", total=feeds, told="")

        def moved(tally: Tally) -> None:
            told = f"{tally.new:,} new" + (f", {tally.failed:,} failed" if tally.failed else "")
            done = len(tally.polls) + len(tally.left_alone)
            progress.update(task, completed=done, told=told)

        yield Tally(moved)
