"""Our own output, read by our own parser, gives what the format can carry."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from aggregator.model.details import Details, Enclosure, Episode, Person
from aggregator.model.entries import Dated, Entry, TaggedEntry
from aggregator.model.fetching import Document
from aggregator.model.raw import Category
from aggregator.normalise import normalise
from aggregator.output import atom, jsonfeed, rss
from aggregator.output.channel import Channel
from aggregator.parse.document import parse_document
from tests.builders import NOW, full_entry, source, tag, tagged
from tests.output.hostile import outputs

ADDRESS = "https://newsroom.example/sahel"
CHANNEL = Channel(id=ADDRESS, title="The Sahel", self_url=ADDRESS, description="From all")
Writer = Callable[[Channel, Sequence[TaggedEntry]], bytes]
WRITERS: dict[str, Writer] = {
    "atom": atom.render,
    "rss": rss.render,
    "json": jsonfeed.render,
}
FULL = full_entry(guid="https://news.example/17")
TOLD = FULL.details


def read(write: Writer, entries: Sequence[TaggedEntry]) -> tuple[Entry, ...]:
    document = Document(ADDRESS, write(CHANNEL, entries), "hash", NOW)
    raw = parse_document(document)
    assert raw.problem is None
    feed, found = normalise(raw, key=ADDRESS, url=ADDRESS)
    assert (feed.title, feed.description) == ("The Sahel", "From all")
    return found


CARRIED = {
    "atom": (
        Person("https://awa.example/", url="https://awa.example/"),
        (
            Category("mali", "urn:aggregator:tag", "mali"),
            FULL.categories[0],
            Category("sahel", "urn:aggregator:publisher-category"),
        ),
    ),
    "rss": (
        Person("https://awa.example/"),
        (
            Category("mali", "urn:aggregator:tag"),
            Category("africa", "https://news.example/terms"),
            Category("sahel", "urn:aggregator:publisher-category"),
        ),
    ),
    "json": (Person("https://awa.example/", url="https://awa.example/"), (Category("mali"),)),
}


@pytest.mark.parametrize("form", WRITERS)
def test_what_every_format_carries_comes_back(form: str) -> None:
    (found,) = read(WRITERS[form], [tagged(FULL, tags=(tag("mali"),))])
    same = ("guid", "link", "title", "summary", "content", "content_html", "image", "language")
    assert {name: getattr(found, name) for name in same} == {
        name: getattr(FULL, name) for name in same
    }
    dates = (found.published, FULL.published, found.updated, FULL.updated)
    assert [date.at for date in dates if date] == [NOW - timedelta(hours=3)] * 2 + [NOW] * 2
    second, categories = CARRIED[form]
    assert (found.authors[0].name, found.authors[1:]) == ("Awa Traoré", (second,))
    assert found.categories == categories
    (file,) = found.enclosures
    assert replace(file, medium="audio") == FULL.enclosures[0]
    assert found.details.external_link == TOLD.external_link


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_details_come_back_from_xml(form: str) -> None:
    (found,) = read(WRITERS[form], [tagged(FULL, source=source(title="News"))])
    assert found.details.origin is not None
    assert found.details.origin.title == "News"
    episode = Episode(2, 3.5, season_name="Dry season", label="3b")
    carried = replace(TOLD, origin=found.details.origin, episode=episode, banner=None)
    assert found.details == carried
    assert found.enclosures == FULL.enclosures
    assert found.summary_html == FULL.summary_html


def test_json_keeps_a_banner_and_no_other_detail_for_readers() -> None:
    (found,) = read(jsonfeed.render, [tagged(FULL)])
    assert found.details == Details(external_link=TOLD.external_link, banner=TOLD.banner)


def test_xml_carries_every_file() -> None:
    files = (Enclosure("https://a.example/1.mp3", "audio/mpeg"), Enclosure("https://a.example/2"))
    for write in WRITERS.values():
        (found,) = read(write, [tagged(replace(FULL, enclosures=files))])
        assert [file.url for file in found.enclosures] == [file.url for file in files]


@pytest.mark.parametrize("form", WRITERS)
def test_to_read_and_publish_once_more_changes_nothing(form: str) -> None:
    @settings(max_examples=15)
    @given(outputs)
    def holds(entries: list[TaggedEntry]) -> None:
        once = read(WRITERS[form], [replace(each, tags=()) for each in entries])
        twice = read(WRITERS[form], [republished(each) for each in once])
        assert [told(each, form) for each in twice] == [told(each, form) for each in once]

    holds()


def republished(found: Entry) -> TaggedEntry:
    """Return what an aggregator that reads this output has, and publishes in its turn."""
    return tagged(found, source=source(key=ADDRESS), seen_at=NOW + timedelta(days=9_000))


def told(found: Entry, form: str) -> Entry:
    """Return what stays the same: not who told it last, nor how a date was written.

    RSS cannot tell a content alone from a summary, nor can JSON where both are one; what an entry
    without a page is about has the page in JSON.
    """
    date, details = found.published or found.updated, replace(found.details, origin=None)
    settled = replace(
        found,
        published=None if date is None else Dated(date.at, "", ""),
        updated=None,
        unread_date=None,
        content_hash="",
        image=None,
        details=details,
    )
    if form == "atom":
        return settled
    page = found.link or details.external_link
    return replace(
        settled,
        link=page,
        canonical_link=None,
        details=replace(
            details, external_link=None if found.link is None else details.external_link
        ),
        summary="",
        summary_html="",
        content=found.content or found.summary,
        content_html=found.content_html or found.summary_html,
    )
