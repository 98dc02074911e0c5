"""What a round of polls came to: for people, and for programs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.console import RenderableType
from rich.text import Text

from aggregator.asking.health import OUTCOMES
from aggregator.cli.progress import Left, Polled, Tally
from aggregator.cli.terminal import columns
from aggregator.dates import rfc3339
from aggregator.durations import show_duration
from aggregator.model.polls import Outcome
from aggregator.output.jsonfeed import Json
from aggregator.retagging import notice
from aggregator.sweeping.claims import LEASE
from aggregator.text import visible
from aggregator.wording import counted, local

MOST_TAGS = 12
MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Round:
    """A round that is over.

    ``elsewhere`` are the names of feeds that another process was polling; ``next_due_at`` is
    when the next feed is due, None without any; ``pending`` are the tags that what was stored
    before does not follow; ``offline`` are the names of feeds that were left as they are because
    our own network is away.
    """

    tally: Tally
    elsewhere: tuple[str, ...]
    started_at: datetime
    ended_at: datetime
    next_due_at: datetime | None
    pending: tuple[str, ...] = ()
    offline: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Polled, ...]:
        """The feeds that could not be read, by name."""
        failed = (poll for poll in self.tally.polls if poll.failed)
        return tuple(sorted(failed, key=lambda poll: poll.name.casefold()))

    def has_failed(self, *, named: bool) -> bool:
        """Whether the round as a whole failed; feeds that are ``named`` are all to be read."""
        all_failed = len(self.failures) == len(self.tally.polls)
        return bool(self.offline or (self.failures and (named or all_failed)))

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many polls ended how."""
        return Counter(poll.record.outcome for poll in self.tally.polls)


def shown(round: Round, zone: tzinfo) -> Iterator[RenderableType]:
    """Yield the parts of the summary, an empty line between them."""
    parts = [part for part in _parts(round, zone) if part is not None]
    for number, part in enumerate(parts):
        if number:
            yield Text("")
        yield part


def _parts(round: Round, zone: tzinfo) -> Iterator[RenderableType | None]:
    yield _outcomes(round) if round.tally.polls else _nothing(round, zone)
    yield _tags(round)
    yield _failures(round, zone)
    yield _left(round.tally.left_alone, zone)
    if round.offline:
        left = counted(len(round.offline), "feed")
        were = "was" if len(round.offline) == 1 else "were"
        yield Text(
            f"Our own network is away: {left} {were} left as before, still due and none of them"
            " failed."
        )
    if round.pending:
        yield Text(notice(round.pending))
    if round.elsewhere:
        named = ", ".join(visible(name) for name in round.elsewhere[:MOST_NAMES])
        rest = len(round.elsewhere) - MOST_NAMES
        more = f" and {rest:,} more" if rest > 0 else ""
        yield Text(
            f"Being polled by another process just now: {named}{more}."
            " If that was killed, or had no room left to write, they are free again within"
            f" {show_duration(LEASE)}."
        )


def _outcomes(round: Round) -> RenderableType:
    rows = []
    for outcome, told in OUTCOMES.items():
        polls = [poll for poll in round.tally.polls if poll.record.outcome is outcome]
        new = sum(poll.record.new for poll in polls)
        changed = sum(poll.record.changed for poll in polls)
        if polls:
            rows.append((told, len(polls), new, changed))
    if len(rows) > 1:
        rows.append(("together", len(round.tally.polls), round.tally.new, round.tally.changed))
    return columns(("outcome", "feeds", "new entries", "changed"), rows)


def _nothing(round: Round, zone: tzinfo) -> Text | None:
    if round.tally.left_alone or round.elsewhere or round.offline:
        return None
    if round.next_due_at is None:
        return Text("No feed is to be polled: add one with `aggregator feeds add URL`.")
    wait = show_duration(round.next_due_at - round.ended_at)
    return Text(
        f"Nothing is due: the next feed is in {wait}, at {local(round.next_due_at, zone)} ({zone})."
    )


def _tags(round: Round) -> Text | None:
    tags = round.tally.tags
    if not tags:
        return None
    ranked = sorted(tags.items(), key=lambda tag: (-tag[1], tag[0]))
    told = ", ".join(f"{visible(name)} {count:,}" for name, count in ranked[:MOST_TAGS])
    more = (
        f", and {counted(len(ranked) - MOST_TAGS, 'tag')} more" if len(ranked) > MOST_TAGS else ""
    )
    return Text(f"Tags given to new entries: {told}{more}.")


def _failures(round: Round, zone: tzinfo) -> RenderableType | None:
    if not round.failures:
        return None
    rows = [
        (poll.name, poll.sentence, "never" if poll.stopped else local(poll.due_at, zone))
        for poll in round.failures
    ]
    return columns(("failed", "why", f"next poll ({zone})"), rows)


def _left(left: list[Left], zone: tzinfo) -> RenderableType | None:
    if not left:
        return None
    rows = [(feed.name, local(feed.until, zone), feed.reason) for feed in left]
    return columns(("left alone", f"until ({zone})", "why"), rows)


def report(round: Round) -> Json:
    """Return the object that ``--format json`` prints; described in docs/json.md."""
    outcomes = round.outcomes
    return {
        "version": 1,
        "started_at": rfc3339(round.started_at),
        "ended_at": rfc3339(round.ended_at),
        "polled": len(round.tally.polls),
        "outcomes": {outcome.value: outcomes[outcome] for outcome in Outcome},
        "new": round.tally.new,
        "changed": round.tally.changed,
        "tags": dict(sorted(round.tally.tags.items())),
        "failed": [
            {
                "url": poll.key,
                "name": poll.name,
                "code": poll.record.error_code or str(poll.record.outcome),
                "status": poll.record.status,
                "sentence": poll.sentence,
                "next_poll_at": None if poll.stopped else rfc3339(poll.due_at),
                "next_poll_reason": poll.due_reason,
            }
            for poll in round.failures
        ],
        "left_alone": [
            {
                "url": feed.key,
                "name": feed.name,
                "until": feed.until and rfc3339(feed.until),
                "reason": feed.reason,
            }
            for feed in round.tally.left_alone
        ],
        "polled_elsewhere": list(round.elsewhere),
        "offline": list(round.offline),
        "next_due_at": round.next_due_at and rfc3339(round.next_due_at),
        "pending_tags": list(round.pending),
    }
