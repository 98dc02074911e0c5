"""Outputs that remember: archives that never change, and tombstones."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from aggregator.config.settings import Config, OutputSettings, PublishSettings
from aggregator.model.entries import TaggedEntry
from aggregator.model.fetching import Document
from aggregator.normalise import normalise
from aggregator.parse.document import parse_document
from aggregator.publishing import publish
from aggregator.query.syntax import parse
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.output.validator import check
from tests.store.steps import LATER, poll, subscribe

ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
ADDRESS = "https://newsroom.example/feeds/"


class Desk:
    """A store and one output of it."""

    def __init__(self, directory: Path, store: SqliteStore) -> None:
        self.directory = directory
        self.store = store
        subscribe(store)

    def output(self, **changes: object) -> OutputSettings:
        settings = {
            "name": "sahel",
            "path": self.directory / "sahel.atom",
            "format": "atom",
            "title": "The Sahel",
            "query": parse("tag:sahel"),
            "url": f"{ADDRESS}sahel.atom",
            "limit": 3,
            "archive": True,
            "tombstones": True,
        }
        return OutputSettings(**(settings | changes))  # type: ignore[arg-type]

    def arrive(self, *numbers: int, tags: tuple[str, ...] = ("sahel",)) -> None:
        poll(self.store, new=tuple(story(number, tags) for number in numbers))

    def publish(self, **changes: object) -> bytes:
        output = self.output(**changes)
        beside = PublishSettings(gzip=True)
        config = Config(self.directory / "feeds.yaml", self.directory / "news.db", publish=beside)
        publish(self.store, config, output, LATER)
        return output.path.read_bytes()

    def at(self, address: str) -> bytes:
        """Return what a web server over the directory would answer."""
        return (self.directory / urlsplit(address).path.removeprefix("/feeds/")).read_bytes()

    def archives(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.directory.glob("sahel/*.atom")}


def story(number: int, tags: tuple[str, ...] = ("sahel",)) -> TaggedEntry:
    return tagged(
        entry(f"Story {number}"),
        seen_at=NOW + timedelta(minutes=number),
        tags=tuple(map(tag, tags)),
    )


def titles(document: bytes) -> list[str]:
    return texts(document, "a:entry/a:title/text()")


def texts(document: bytes, path: str) -> list[str]:
    found = etree.fromstring(document).xpath(path, namespaces=ATOM)
    assert isinstance(found, list)
    return [str(text) for text in found]


def link(document: bytes, relation: str) -> str | None:
    return next(iter(texts(document, f"a:link[@rel='{relation}']/@href")), None)


def walk(desk: Desk, document: bytes) -> Iterator[bytes]:
    yield document
    while address := link(document, "prev-archive"):
        document = desk.at(address)
        assert link(document, "self") == address
        assert link(document, "current") == f"{ADDRESS}sahel.atom"
        yield document


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(SqliteStore(empty_database(tmp_path / "news.db"))) as store:
        yield Desk(tmp_path, store)


def test_every_entry_is_met_once_and_no_archive_ever_changes(desk: Desk) -> None:
    seen: dict[str, bytes] = {}
    for number in range(1, 21):
        desk.arrive(number)
        document = desk.publish()
        assert document == desk.publish(), "nothing new, nothing written"
        archives = desk.archives()
        assert {name: archives[name] for name in seen} == seen
        seen = archives
        found = [title for each in walk(desk, document) for title in titles(each)]
        assert found == [f"Story {each}" for each in range(number, 0, -1)]
        assert len(titles(document)) < 9
    assert sorted(seen) == ["0001.atom", "0002.atom", "0003.atom", "0004.atom", "0005.atom"]
    assert all(len(titles(document)) == 3 for document in seen.values())


def test_archives_are_valid_and_so_is_the_feed_that_leads_to_them(desk: Desk) -> None:
    desk.arrive(*range(1, 12))
    for form in ("atom", "rss", "json"):
        desk.publish(
            name=form,
            format=form,
            path=desk.directory / f"sahel.{form}",
            url=f"{ADDRESS}sahel.{form}",
            tombstones=False,
        )
        for name in (f"sahel.{form}", f"sahel/0001.{form}", f"sahel/0002.{form}"):
            document = (desk.directory / name).read_bytes()
            found = check(document, location=f"{ADDRESS}{name}")
            assert set(found) <= {"DuplicateUpdated"}, name
    assert b'"next_url": "https://newsroom.example/feeds/sahel/0002.json"' in desk.at(
        f"{ADDRESS}sahel.json"
    )
    assert b"next_url" not in desk.at(f"{ADDRESS}sahel/0001.json")


def test_many_entries_at_once_make_all_their_archives(desk: Desk) -> None:
    desk.arrive(*range(1, 15))
    document = desk.publish()
    assert [len(titles(each)) for each in walk(desk, document)] == [5, 3, 3, 3]
    assert link(desk.archives()["0001.atom"], "next-archive") == f"{ADDRESS}sahel/0002.atom"


def test_what_arrives_late_is_not_lost_between_archives(desk: Desk) -> None:
    desk.arrive(*range(11, 21))
    desk.publish()
    desk.arrive(1, 2)
    found = [title for each in walk(desk, desk.publish()) for title in titles(each)]
    assert sorted(found) == sorted(f"Story {each}" for each in (1, 2, *range(11, 21)))


def test_every_file_has_a_compressed_copy_where_that_is_wanted(desk: Desk) -> None:
    desk.arrive(*range(1, 12))
    desk.publish()
    for path in (desk.directory / "sahel.atom", desk.directory / "sahel/0001.atom"):
        packed = path.with_name(f"{path.name}.gz").read_bytes()
        assert gzip.decompress(packed) == path.read_bytes()


def test_an_archive_that_was_removed_is_written_again(desk: Desk) -> None:
    desk.arrive(*range(1, 12))
    desk.publish()
    before = desk.archives()
    (desk.directory / "sahel/0001.atom").unlink()
    desk.publish()
    assert desk.archives() == before


def test_what_lost_its_tag_has_a_tombstone_until_it_has_it_again(desk: Desk) -> None:
    desk.arrive(1, 2)
    kept = texts(desk.publish(), "a:entry[a:title='Story 2']/a:id/text()")
    poll(desk.store, changed=(story(2, ()),))
    document = desk.publish()
    assert titles(document) == ["Story 1"]
    assert texts(document, "at:deleted-entry/@ref") == kept
    assert texts(document, "at:deleted-entry/@when") == ["2026-03-02T13:00:00Z"]
    assert check(document, location=f"{ADDRESS}sahel.atom") == ["UnknownNamespace"]
    poll(desk.store, changed=(story(2),))
    document = desk.publish()
    assert (len(titles(document)), texts(document, "at:deleted-entry/@ref")) == (2, [])


def test_no_archive_is_closed_again_when_what_was_in_the_last_comes_back(desk: Desk) -> None:
    desk.arrive(*range(1, 10))
    desk.publish()
    before = desk.archives()
    assert sorted(before) == ["0001.atom", "0002.atom"]
    poll(desk.store, changed=tuple(story(number, ()) for number in (1, 4, 5, 6, 7, 8, 9)))
    desk.publish()
    poll(desk.store, changed=tuple(story(number) for number in (1, 4, 5, 6)))
    document = desk.publish()
    assert titles(document) == ["Story 6", "Story 5", "Story 4", "Story 1"]
    assert link(document, "prev-archive") == f"{ADDRESS}sahel/0002.atom"
    desk.arrive(10, 11)
    assert titles(desk.publish()) == ["Story 11", "Story 10", "Story 6"]
    archives = desk.archives()
    assert {name: archives[name] for name in before} == before
    assert titles(archives["0003.atom"]) == ["Story 5", "Story 4", "Story 1"]


def test_what_its_publisher_withdrew_has_a_tombstone_in_an_archive_too(desk: Desk) -> None:
    desk.arrive(*range(1, 12))
    desk.publish()
    before = desk.archives()
    there = frozenset(story(number).entry.id for number in range(2, 12))
    poll(desk.store, present=there, complete=True)
    document = desk.publish()
    assert len(texts(document, "at:deleted-entry/@ref")) == 1
    assert desk.archives() == before


def test_what_has_only_grown_old_has_none(desk: Desk) -> None:
    for number in range(1, 9):
        desk.arrive(number)
        document = desk.publish(archive=False)
    assert len(titles(document)) == 3
    assert texts(document, "at:deleted-entry/@ref") == []


def test_an_id_stays_whoever_else_has_it_later(desk: Desk) -> None:
    guid = "https://news.example/17"
    later = tagged(entry("Copy", guid=guid), seen_at=NOW, tags=(tag("sahel"),))
    first = tagged(entry("Story", guid=guid), seen_at=LATER, tags=(tag("sahel"),))
    poll(desk.store, new=(first,))
    assert texts(desk.publish(), "a:entry/a:id/text()") == [guid]
    poll(desk.store, new=(later,))
    assert texts(desk.publish(), "a:entry/a:id/text()") == [
        guid,
        f"urn:aggregator:{later.entry.id}",
    ]


# --- outputs that we read ourselves ---------------------------------------------------------------


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
@pytest.mark.parametrize("archive", [False, True])
def test_an_output_that_we_subscribe_to_adds_nothing_to_itself(
    desk: Desk, form: str, archive: bool
) -> None:
    own = f"{ADDRESS}sahel.{form}"
    how: dict[str, object] = {"format": form, "path": desk.directory / f"sahel.{form}", "url": own}
    how |= {"archive": archive, "tombstones": False, "limit": 10}
    subscribe(desk.store, subscription(), subscription(own))
    desk.arrive(1, 2, 3)
    first = desk.publish(**how)
    counts = []
    for round in range(1, 4):
        at = LATER + timedelta(hours=round)
        raw = parse_document(Document(own, desk.publish(**how), "hash", at))
        _, read = normalise(raw, key=own, url=own)
        known = {each.id for each in desk.store.known(own, read)}
        new = [tagged(each, seen_at=at, tags=(tag("sahel"),)) for each in read]
        poll(desk.store, own, at, new=tuple(each for each in new if each.entry.id not in known))
        counts.append(desk.store.count(Search(at)))
    assert desk.publish(**how) == first
    assert counts == [6, 6, 6]
