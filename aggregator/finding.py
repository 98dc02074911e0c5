"""Which entries of a document are to be stored: those that are new or have changed, tagged."""

from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import changes
from aggregator.model.entries import Entry, Feed, KnownEntry, Source, TaggedEntry
from aggregator.model.feeds import FeedState
from aggregator.pipeline import Part, Read, Visit
from aggregator.tagger import Tagger
from aggregator.urls import without_credentials


@dataclass(frozen=True, slots=True)
class Found:
    """What a document holds, compared with what was known and tagged.

    ``revised`` counts those of ``changed`` that say something else; ``present`` are the ids of
    all entries in the document, which is the ``whole`` feed or not.
    """

    new: tuple[TaggedEntry, ...]
    changed: tuple[TaggedEntry, ...]
    revised: int
    present: frozenset[str]
    whole: bool

    @property
    def is_news(self) -> bool:
        """Whether there is an entry that is new, or not as it was."""
        return bool(self.new or self.revised)

    @property
    def is_known(self) -> bool:
        """Whether there is an entry that was known before."""
        return len(self.present) > len(self.new)


def find(visited: Visit, came: Read | Part, known: tuple[KnownEntry, ...], tagger: Tagger) -> Found:
    """Compare what a document holds with what is known of its feed, and tag what is to be stored.

    A part of a feed, or a delta of it, says nothing about the entries that it does not hold.
    """
    reading = came.reading
    whole = isinstance(came, Read) and not came.document.partial
    compared = changes.compare(reading.entries, known, whole=whole)
    source = _source(visited.state, reading.feed)
    seen_at = visited.ended_at
    # What an older document holds is no news either.
    first = visited.state.last_success_at is None or (isinstance(came, Part) and bool(came.walk))
    times = {one.id: (one.first_seen_at, one.arrived_at) for one in known}

    def tagged(entry: Entry, first_seen_at: datetime, arrived_at: datetime) -> TaggedEntry:
        subject = TaggedEntry(entry, source, first_seen_at, arrived_at)
        return replace(subject, tags=tagger.tag(subject))

    return Found(
        tuple(tagged(one, seen_at, _arrival(one, seen_at, first=first)) for one in compared.new),
        tuple(tagged(one, *times[one.id]) for one in compared.changed),
        len(compared.revised),
        compared.present,
        whole,
    )


def _arrival(entry: Entry, seen_at: datetime, *, first: bool) -> datetime:
    """Return an entry's place in every order: an archive that we first meet floods nobody."""
    if first and entry.published:
        return min(entry.published.at, seen_at)
    return seen_at


def name_of(state: FeedState, feed: Feed | None) -> str:
    """Return what people call a feed from this poll on; ``feed`` is what was read, if it was.

    Until the first document comes, a feed that the configuration does not name goes by its
    address.
    """
    unnamed = state.title is None and state.name == without_credentials(state.key)
    return feed.title if feed and feed.title and unnamed else state.name


def _source(state: FeedState, feed: Feed) -> Source:
    return Source(state.key, name_of(state, feed), state.labels, feed.title, feed.link, state.url)
