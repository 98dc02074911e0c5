"""Atom 1.0: valid whatever comes in, and everything that it can carry."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import feedparser
from hypothesis import given, settings
from lxml import etree

from aggregator.dates import rfc3339
from aggregator.model.details import Details, Person
from aggregator.model.entries import TaggedEntry
from aggregator.model.raw import Category
from aggregator.output import atom, xml
from aggregator.output.addresses import is_absolute_id, uri
from aggregator.output.channel import Channel
from aggregator.output.publication import publications
from tests.builders import NOW, dated, entry, full_entry, source, tag, tagged
from tests.output.hostile import outputs

CHANNEL = Channel(
    id="https://newsroom.example/sahel.atom",
    title="The Sahel, from every source",
    description="Everything on the Sahel",
    self_url="https://newsroom.example/sahel.atom",
    site_url="https://newsroom.example/",
    tag_titles={"mali": "Mali & neighbours"},
    version="0.1.0",
)
NS = {"a": xml.ATOM, "media": "http://search.yahoo.com/mrss/"}
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def read(entries: list[TaggedEntry], channel: Channel = CHANNEL) -> etree._Element:
    return etree.fromstring(atom.render(channel, entries))


def texts(element: etree._Element, path: str) -> list[str]:
    found = element.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(text) for text in found]


@settings(max_examples=60)
@given(outputs)
def test_any_entries_make_a_valid_document(entries: list[TaggedEntry]) -> None:
    feed = read(entries)
    SCHEMA.assertValid(feed)
    ids = texts(feed, "a:entry/a:id/text()")
    assert len(set(ids)) == len(ids)
    assert all(is_absolute_id(text) for text in ids)
    for element in feed.iterfind("a:entry", NS):
        assert texts(element, "a:title/text()")
        assert texts(element, "a:link[@rel='alternate']/@href | a:content/text()")
        assert texts(element, "a:author/a:name/text()")
        assert len(element.findall("a:link[@rel='alternate']", NS)) <= 1
        assert all(length.isdecimal() for length in texts(element, "a:link/@length"))


@settings(max_examples=60)
@given(outputs)
def test_what_was_written_can_be_read_back(entries: list[TaggedEntry]) -> None:
    elements = read(entries).findall("a:entry", NS)
    for element, one in zip(elements, publications(entries), strict=True):
        subject = one.tagged.entry
        assert texts(element, "a:id/text()") == [one.id]
        shown = texts(element, "a:title/text()")
        marked = texts(element, "a:title/@type") == ["html"]
        assert shown == [escape(one.title, quote=False) if marked else one.title]
        assert texts(element, "a:updated/text()") == [rfc3339(one.updated_at)]
        assert texts(element, "a:published/text()") == (
            [rfc3339(one.published_at)] if one.published_at else []
        )
        links = texts(element, "a:link[@rel='alternate']/@href")
        assert links == [link for link in [uri(subject.link)] if link]
        assert texts(element, "a:category[@scheme='urn:aggregator:tag']/@term") == [
            tag.name for tag in one.tagged.tags
        ]


def test_everything_that_is_known_is_told() -> None:
    subject = full_entry(guid="https://news.example/17")
    origin = source(title="News", link="https://news.example/")
    (element,) = read([tagged(subject, source=origin, tags=(tag("mali"),))]).findall("a:entry", NS)
    told = {
        "@xml:lang": ["en"],
        "a:title/text()": ["Everything at once"],
        "a:id/text()": ["https://news.example/17"],
        "a:published/text()": ["2026-03-02T09:00:00Z"],
        "a:updated/text()": ["2026-03-02T12:00:00Z"],
        "a:author/a:name/text()": ["Awa Traoré", "https://awa.example/"],
        "a:author/a:email/text()": ["awa@news.example"],
        "a:author/a:uri/text()": ["https://awa.example/"],
        "a:link[@rel='alternate']/@href": ["https://news.example/everything-at-once"],
        "a:link[@rel='enclosure']/@*": [
            "enclosure",
            "audio/mpeg",
            "12345",
            "https://news.example/a.mp3",
        ],
        "a:category[1]/@*": ["urn:aggregator:tag", "mali", "Mali & neighbours"],
        "a:category[2]/@*": ["https://news.example/terms", "africa", "Africa"],
        "a:summary/@type": ["html"],
        "a:summary/text()": ["<p>Delegates met on Monday.</p>"],
        "a:content/@type": ["html"],
        "a:content/text()": ["<p>First block.</p><p>Second block, naming <b>Mali</b>.</p>"],
        "a:source/a:title/text()": ["News"],
        "a:source/a:id/text()": ["https://news.example/feed.xml"],
        "a:source/a:updated/text()": ["2026-03-02T12:00:00Z"],
        "a:source/a:link/@href": ["https://news.example/feed.xml", "https://news.example/"],
        "media:thumbnail/@url": ["https://news.example/a.jpg"],
    }
    assert {path: texts(element, path) for path in told} == told


def test_the_channel_is_told() -> None:
    feed = read([])
    told = {
        "a:title/text()": ["The Sahel, from every source"],
        "a:subtitle/text()": ["Everything on the Sahel"],
        "a:id/text()": ["https://newsroom.example/sahel.atom"],
        "a:updated/text()": ["2000-01-01T00:00:00Z"],
        "a:generator/text()": ["aggregator"],
        "a:generator/@version": ["0.1.0"],
        "a:link[@rel='self']/@href": ["https://newsroom.example/sahel.atom"],
        "a:link[@rel='alternate']/@href": ["https://newsroom.example/"],
    }
    assert {path: texts(feed, path) for path in told} == told


def test_a_channel_may_know_little() -> None:
    feed = read([], Channel(id="urn:aggregator:output:x", title="X"))
    SCHEMA.assertValid(feed)
    assert texts(feed, "a:link/@href") == ["file://localhost/x"]


def test_the_feed_stands_in_for_an_author() -> None:
    feed = read([tagged(source=source(title="News"))])
    assert texts(feed, "a:entry/a:author/a:name/text()") == ["News"]


def test_an_entry_without_link_and_text_still_has_content() -> None:
    feed = read([tagged(entry("A < B", link=None, summary=""))])
    assert texts(feed, "a:entry/a:content/text()") == ["A &lt; B"]


def test_content_of_nothing_that_may_be_written_is_no_content() -> None:
    feed = read([tagged(entry("Title", link=None, summary="\x01\n\n ", content_html="\x1f "))])
    assert texts(feed, "a:entry/a:content/text()") == ["Title"]
    assert texts(feed, "a:entry/a:summary") == []


def test_plain_text_becomes_paragraphs() -> None:
    feed = read([tagged(entry(summary="One & two.\n\n<Three>.", content=""))])
    assert texts(feed, "a:entry/a:summary/text()") == ["<p>One &amp; two.</p><p>&lt;Three&gt;.</p>"]


def test_a_title_that_looks_like_markup_is_declared_and_read_as_it_was() -> None:
    body = atom.render(CHANNEL, [tagged(entry("How to write <b> & &amp;"))])
    (item,) = feedparser.parse(body).entries
    assert item.title == "How to write &lt;b&gt; &amp; &amp;amp;"
    assert item.title_detail.type == "text/html"


def test_publishers_categories_are_kept_apart_from_our_tags() -> None:
    claims = (Category("sahel", "urn:aggregator:tag"), Category("politics"), Category(" \x00"))
    feed = read([tagged(entry(categories=claims), tags=(tag("mali"),))])
    assert texts(feed, "a:entry/a:category[@scheme='urn:aggregator:tag']/@term") == ["mali"]
    path = "a:entry/a:category[@scheme='urn:aggregator:publisher-category']/@term"
    assert texts(feed, path) == ["sahel", "politics"]


def test_another_reader_understands_it() -> None:
    entries = [tagged(full_entry(), tags=(tag("mali"),)), tagged(entry("زيارة إلى الرباط"))]
    parsed = feedparser.parse(atom.render(CHANNEL, entries))
    assert not parsed.bozo
    assert [item.title for item in parsed.entries] == ["Everything at once", "زيارة إلى الرباط"]
    assert [item.id for item in parsed.entries] == [
        f"urn:aggregator:{subject.entry.id}" for subject in entries
    ]
    first = parsed.entries[0]
    assert first.link == "https://news.example/everything-at-once"
    assert first.published_parsed[:5] == (2026, 3, 2, 9, 0)
    assert first.updated_parsed[:5] == NOW.timetuple()[:5]
    assert [item.term for item in first.tags] == ["mali", "africa", "sahel"]
    assert first.source.title == "News"


def test_details_stand_where_readers_look_for_them() -> None:
    told = etree.tostring(read([tagged(full_entry())])).decode()
    for part in (
        '<link rel="related" href="https://elsewhere.example/report"/>',
        '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>',
        '<link rel="replies" type="text/html" href="https://news.example/a#talk"/>',
        '<link rel="replies" href="https://news.example/a.rss"/>',
        "<rights>© News</rights>".encode("ascii", "xmlcharrefreplace").decode(),
        "<slash:comments>3</slash:comments>",
        '<thr:in-reply-to ref="urn:example:1" href="https://news.example/1"/>',
        "<georss:point>12.65 -8.0</georss:point>",
        "<georss:featureName>Bamako</georss:featureName>",
        'duration="60"',
        "<media:title>Talks, in full</media:title>",
        '<podcast:season name="Dry season">2</podcast:season>',
        '<podcast:episode display="3b">3.5</podcast:episode>',
        'role="photographer" img="https://news.example/s"',
        'url="https://news.example/a.vtt" type="text/vtt" language="fr" rel="captions"',
        '<podcast:chapters url="https://news.example/a.chapters.json"',
    ):
        assert part in told


def test_who_has_no_role_is_a_contributor() -> None:
    told = Details(contributors=(Person("Awa <Traoré>", "awa@news.example"),))
    feed = read([tagged(entry(details=told))])
    assert texts(feed, "a:entry/a:contributor/a:name/text()") == ["Awa ‹Traoré›"]
    assert texts(feed, "a:entry/a:contributor/a:email/text()") == ["awa@news.example"]


def test_a_date_that_nobody_believes_is_not_told() -> None:
    old, early = datetime(1803, 1, 1, tzinfo=UTC), NOW + timedelta(hours=1)
    feed = read(
        [tagged(entry("A", published=dated(old))), tagged(entry("B", published=dated(early)))]
    )
    assert texts(feed, "a:entry/a:published/text()") == []
    assert texts(feed, "a:entry/a:updated/text()") == [rfc3339(NOW)] * 2


def test_a_hub_is_named() -> None:
    feed = read([], replace(CHANNEL, hub="https://hub.example/"))
    assert texts(feed, "a:link[@rel='hub']/@href") == ["https://hub.example/"]
