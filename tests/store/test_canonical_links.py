"""What an upgrade makes of entries whose links were compared in another form."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.changes import Changes, compare
from aggregator.identity import entry_id, identity_key
from aggregator.model.entries import Entry
from aggregator.model.raw import RawEntry, RawFeed, RawText
from aggregator.normalise import normalise
from aggregator.store.sqlite import SqliteStore
from tests.builders import FEED, NOW, tagged
from tests.store.steps import LATER, newest, poll, subscribe
from tests.store.test_schema import plain

GOOGLE = "https://www.google.com/url?url=https://news.example/2026/talks&ct=ga"
STEP = "0017_canonical_links"


def read(*entries: RawEntry) -> tuple[Entry, ...]:
    return normalise(RawFeed("rss20", entries), key=FEED, url=FEED)[1]


def raw(title: str, link: str, guid: str | None = None, text: str = "Text.") -> RawEntry:
    return RawEntry(
        guid=guid, link=link, title=RawText(title, "text"), summary=RawText(text, "text")
    )


def as_before(entry: Entry, canonical_link: str, identity: str) -> Entry:
    """Return what version 1 of the normaliser made of an entry."""
    return replace(
        entry,
        id=entry_id(FEED, identity),
        identity=identity,
        canonical_link=canonical_link,
        content_hash="as it was",
        normalised_by=1,
    )


def upgraded(path: Path, stored: Iterable[Entry], *, present: Iterable[Entry] = ()) -> None:
    """Make a database of before the upgrade; the next to open it does the upgrade."""
    with closing(SqliteStore(path)) as store:
        subscribe(store)
        new = tuple(tagged(one) for one in stored)
        poll(store, new=new, present=frozenset(one.id for one in present))
    plain(path, f"DELETE FROM _sqlite_migrations WHERE name = '{STEP}'")


def polled(path: Path, entries: tuple[Entry, ...]) -> Changes:
    """Poll once more, and return what that changed."""
    with closing(SqliteStore(path)) as store:
        changes = compare(entries, store.known(FEED, entries))
        news = tuple(tagged(one) for one in changes.new)
        changed = tuple(tagged(one) for one in changes.changed)
        poll(store, at=LATER, new=news, changed=changed, present=changes.present)
        again = compare(entries, store.known(FEED, entries))
        assert (again.new, again.changed) == ((), ())
        assert all(one.revised_at is None for one in newest(store))
    return changes


def by_link(entry: Entry, old: str) -> Entry:
    return as_before(entry, old, identity_key(None, old, "", "", ""))


@pytest.mark.parametrize("is_present", [True, False])
@pytest.mark.parametrize(
    ("link", "before"),
    [
        (GOOGLE, "https://www.google.com/url?ct=ga&url=https://news.example/2026/talks"),
        ("https://m.spiegel.de/a-1#part", "https://m.spiegel.de/a-1#part"),
        ("http://a.example/2026/talks/amp/", "https://a.example/2026/talks/amp"),
        ("https://a.example/talks?yclid=1&ysclid=2", "https://a.example/talks?ysclid=2"),
        (
            "https://m.youtube.com/watch?v=" + "a" * 400,
            "https://m.youtube.com/watch?v=" + "a" * 400,
        ),
    ],
)
def test_an_entry_known_by_its_link_alone_is_known_after_the_upgrade(
    path: Path, link: str, before: str, *, is_present: bool
) -> None:
    (now,) = read(raw("Talks resume", link))
    stored = replace(by_link(now, before), canonical_link=before.partition("#")[0])
    upgraded(path, [stored], present=[stored] if is_present else [])
    changes = polled(path, (now,))
    assert changes.new == ()
    assert changes.revised == frozenset()
    assert changes.present == {stored.id}


def test_entries_that_one_link_or_one_guid_told_apart_are_known_after_the_upgrade(
    path: Path,
) -> None:
    link, other = "https://m.faz.net/a", "https://m.faz.net/b"
    now = read(raw("Mali", link), raw("Niger", link), raw("One", link, "1"), raw("Two", other, "1"))
    shared, named = f"link:{link}", "guid:1"
    before = (f"link:{shared}\nMali", f"link:{shared}\nNiger")
    guids = (f"guid:{named}\n{link}#", f"guid:{named}\n{other}#")
    links = (link, link, link, other)
    stored = [
        as_before(entry, old, identity)
        for entry, old, identity in zip(now, links, (*before, *guids), strict=True)
    ]
    upgraded(path, stored)
    changes = polled(path, now)
    assert (changes.new, changes.revised) == ((), frozenset())
    assert changes.present == {one.id for one in stored}


def test_of_two_entries_that_turn_out_to_be_one_page_the_present_one_goes_on(path: Path) -> None:
    (now,) = read(raw("Talks resume", "https://m.spiegel.de/a-1"))
    mobile = by_link(now, "https://m.spiegel.de/a-1")
    (same,) = read(raw("Talks resume", "https://www.spiegel.de/a-1"))
    for gone, left in ((mobile, same), (same, mobile)):
        path.unlink(missing_ok=True)
        upgraded(path, [gone, left], present=[left])
        changes = polled(path, (now,))
        assert (len(changes.new), len(changes.revised)) == (0, 0)
        assert changes.present == {left.id}


def test_entries_with_a_guid_keep_it_and_equal_those_of_other_feeds(path: Path) -> None:
    (now,) = read(raw("Talks resume", GOOGLE, "1"))
    stored = as_before(now, "https://www.google.com/url?ct=ga", "guid:1")
    upgraded(path, [stored])
    with closing(SqliteStore(path)) as store:
        (found,) = newest(store)
        assert found.entry.canonical_link == "https://news.example/2026/talks"
        assert found.entry.identity == "guid:1"
        assert found.entry.normalised_by == 1
        assert found.first_seen_at == NOW
