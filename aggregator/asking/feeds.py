"""FEED on the command line → the feed that is meant: a name, a URL, or a part of either."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from aggregator.canonical.form import canonical
from aggregator.errors import UsageError
from aggregator.store.base import FeedHealth
from aggregator.text import fold, single_line
from aggregator.urls import without_credentials

MOST_CANDIDATES = 5
"""How many feeds an error names before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Named:
    """A feed as it may be called; ``key`` is what it is called by the one who asks."""

    key: str
    name: str
    addresses: tuple[str, ...]


def stored_feeds(feeds: Iterable[FeedHealth]) -> tuple[Named, ...]:
    """Return the feeds of a store as they may be called."""
    return tuple(Named(feed.key, feed.name, (feed.key, feed.fetch_url)) for feed in feeds)


def find_feeds(written: Iterable[str], feeds: Sequence[Named]) -> tuple[Named, ...]:
    """Return the feeds that are meant, each once, in the order in which they are asked for.

    Raises `UsageError` where one is unknown or may be several.
    """
    return tuple(dict.fromkeys(find_feed(each, feeds) for each in written))


def find_feed(written: str, feeds: Sequence[Named]) -> Named:
    """Return the one feed that is meant: a whole name or URL counts before a part of one.

    Capitals, accents and whatever two spellings of one URL may differ in do not matter. Raises
    `UsageError`, which names those that may be meant.
    """
    for matches in (_is_called, _is_part):
        found = [feed for feed in feeds if matches(written, feed)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(
                f"{without_credentials(written)!r} may be {_listed(found)}:"
                " write more of the name, or the whole URL."
            )
    raise UsageError(
        f"No feed is called {without_credentials(written)!r}, nor is that in a feed's"
        f" URL{_meant(written, feeds)}"
    )


def _is_called(written: str, feed: Named) -> bool:
    address = canonical(written)
    return _folded(written) == _folded(feed.name) or any(
        address == canonical(known) for known in feed.addresses
    )


def _is_part(written: str, feed: Named) -> bool:
    part = _folded(written)
    texts = (_folded(feed.name), *(known.casefold() for known in feed.addresses))
    return bool(part) and any(part in text for text in texts)


def _folded(text: str) -> str:
    return fold(single_line(text))


def _listed(feeds: Sequence[Named]) -> str:
    names = [feed.name for feed in feeds]
    shown = [
        feed.name
        if names.count(feed.name) == 1
        else f"{feed.name} ({without_credentials(feed.key)})"
        for feed in feeds[:MOST_CANDIDATES]
    ]
    if left := len(feeds) - len(shown):
        return f"{', '.join(shown)} or {left} more"
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def _meant(written: str, feeds: Sequence[Named]) -> str:
    if not feeds:
        return ": there are no feeds; add one with `aggregator feeds add URL`."
    by_folded = {_folded(feed.name): feed.name for feed in feeds}
    by_folded |= {address.casefold(): address for feed in feeds for address in feed.addresses}
    close = get_close_matches(_folded(written), by_folded, n=1, cutoff=0.6)
    if close:
        return f": did you mean {without_credentials(by_folded[close[0]])}?"
    if len(feeds) <= MOST_CANDIDATES:
        return f". The feeds are: {', '.join(feed.name for feed in feeds)}."
    return f": `aggregator feeds` lists all {len(feeds)}."
