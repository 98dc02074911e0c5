"""RSS 2.0: valid whatever comes in, and everything that it can carry."""

from html import escape

import feedparser
from hypothesis import given, settings
from lxml import etree

from aggregator.dates import rfc822
from aggregator.model.details import Enclosure
from aggregator.model.entries import TaggedEntry
from aggregator.output import rss, xml
from aggregator.output.addresses import uri
from aggregator.output.channel import Channel
from aggregator.output.modules import GEORSS, PODCAST, THREADS
from aggregator.output.publication import publications
from aggregator.output.xml import MEDIA
from tests.builders import entry, full_entry, source, tag, tagged
from tests.output.hostile import outputs

CHANNEL = Channel(
    id="https://newsroom.example/sahel.rss",
    title="The Sahel, from every source",
    self_url="https://newsroom.example/sahel.rss",
    site_url="https://newsroom.example/",
    version="0.1.0",
)
NS = {
    "atom": xml.ATOM,
    "content": rss.CONTENT,
    "dc": rss.DUBLIN_CORE,
    "media": "http://search.yahoo.com/mrss/",
}

REPEATED = {"category", *(f"{{{NS['dc']}}}{name}" for name in ("creator", "contributor"))} | {
    *(f"{{{PODCAST}}}{name}" for name in ("person", "transcript")),
    *(f"{{{MEDIA}}}content", f"{{{THREADS}}}in-reply-to", f"{{{GEORSS}}}point"),
}


def read(entries: list[TaggedEntry], channel: Channel = CHANNEL) -> etree._Element:
    root = etree.fromstring(rss.render(channel, entries))
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    return root[0]


def texts(element: etree._Element, path: str) -> list[str]:
    found = element.xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(text) for text in found]


@settings(max_examples=60)
@given(outputs)
def test_any_entries_make_a_valid_document(entries: list[TaggedEntry]) -> None:
    channel = read(entries)
    for required in ("title", "link", "description"):
        assert len(texts(channel, f"{required}/text()")) == 1
    guids = texts(channel, "item/guid/text()")
    assert len(set(guids)) == len(guids) == len(channel.findall("item"))
    for item in channel.iterfind("item"):
        names = [child.tag for child in item if child.tag not in REPEATED]
        assert len(set(names)) == len(names), "nothing else may come twice"
        assert texts(item, "title/text()")
        for permalink in texts(item, "guid[@isPermaLink='true']/text()"):
            assert permalink in texts(item, "link/text()")
        for length in texts(item, "enclosure/@length"):
            assert length.isdecimal()
        assert len(texts(item, "enclosure/@type")) == len(item.findall("enclosure"))
        assert len(texts(item, "source/@url")) == len(item.findall("source"))


@settings(max_examples=60)
@given(outputs)
def test_what_was_written_can_be_read_back(entries: list[TaggedEntry]) -> None:
    for item, one in zip(read(entries).findall("item"), publications(entries), strict=True):
        subject = one.tagged.entry
        assert texts(item, "guid/text()") == [one.id]
        assert texts(item, "title/text()")[0] in (one.title, escape(one.title, quote=False))
        assert texts(item, "pubDate/text()") == (
            [rfc822(one.published_at)] if one.published_at else []
        )
        assert texts(item, "link/text()") == [link for link in [uri(subject.link)] if link]
        assert texts(item, "category[@domain='urn:aggregator:tag']/text()") == [
            tag.name for tag in one.tagged.tags
        ]


def test_everything_that_is_known_is_told() -> None:
    (item,) = read([tagged(full_entry(), tags=(tag("mali"),))]).findall("item")
    told = {
        "title/text()": ["Everything at once"],
        "link/text()": ["https://news.example/everything-at-once"],
        "guid/@isPermaLink": ["false"],
        "pubDate/text()": ["Mon, 02 Mar 2026 09:00:00 GMT"],
        "description/text()": ["<p>Delegates met on Monday.</p>"],
        "content:encoded/text()": ["<p>First block.</p><p>Second block, naming <b>Mali</b>.</p>"],
        "dc:creator/text()": ["Awa Traoré", "https://awa.example/"],
        "dc:language/text()": ["en"],
        "category/@domain": [
            "urn:aggregator:tag",
            "https://news.example/terms",
            "urn:aggregator:publisher-category",
        ],
        "category/text()": ["mali", "africa", "sahel"],
        "enclosure/@*": ["https://news.example/a.mp3", "12345", "audio/mpeg"],
        "media:thumbnail/@url": ["https://news.example/a.jpg"],
        "source/@url": ["https://news.example/feed.xml"],
        "source/text()": ["News"],
    }
    assert {path: texts(item, path) for path in told} == told


def test_the_channel_is_told() -> None:
    channel = read([tagged()])
    told = {
        "title/text()": ["The Sahel, from every source"],
        "link/text()": ["https://newsroom.example/"],
        "description/text()": ["The Sahel, from every source"],
        "generator/text()": ["aggregator 0.1.0"],
        "lastBuildDate/text()": ["Mon, 02 Mar 2026 09:00:00 GMT"],
        "atom:link/@rel": ["self"],
        "atom:link/@href": ["https://newsroom.example/sahel.rss"],
    }
    assert {path: texts(channel, path) for path in told} == told
    assert channel[-1].tag == "item", "items come last"


def test_a_channel_without_addresses_is_linked_by_its_id() -> None:
    channel = read([], Channel(id="urn:aggregator:output:sahel", title="The Sahel"))
    assert texts(channel, "link/text()") == ["urn:aggregator:output:sahel"]
    assert texts(channel, "atom:link/@href") == ["file://localhost/sahel"]
    assert texts(channel, "lastBuildDate/text()") == []


def test_a_guid_that_is_the_link_is_a_permalink() -> None:
    link = "https://news.example/rabat"
    channel = read([tagged(entry("One", guid=link, link=link)), tagged(entry("Two", guid="2"))])
    assert texts(channel, "item/guid/@isPermaLink") == ["true", "false"]


def test_an_undated_entry_stays_undated() -> None:
    assert texts(read([tagged(entry(published=None))]), "item/pubDate") == []


def test_content_alone_is_the_description() -> None:
    (item,) = read([tagged(entry(summary="", content="All of it."))]).findall("item")
    assert texts(item, "description/text()") == ["<p>All of it.</p>"]
    assert texts(item, "content:encoded/text()") == []


def test_an_enclosure_of_unknown_size_and_type_has_both() -> None:
    files = (Enclosure("ftp://x.example/a"), Enclosure("https://x.example/a"))
    (item,) = read([tagged(entry(enclosures=files))]).findall("item")
    assert texts(item, "enclosure/@*") == ["https://x.example/a", "0", "application/octet-stream"]


def test_a_file_is_credited_by_its_site_or_not_at_all() -> None:
    known = source(key="inbox/a.xml", link="https://news.example/")
    unknown = source(key="inbox/b.xml", link=None)
    channel = read([tagged(entry("One"), source=known), tagged(entry("Two"), source=unknown)])
    assert texts(channel, "item/source/@url") == ["https://news.example/"]


def test_another_reader_understands_it() -> None:
    title = "Cédéao : l’après-sommet <i>en direct</i> & analyses"
    entries = [tagged(full_entry(title), tags=(tag("mali"),)), tagged(entry("زيارة إلى الرباط"))]
    parsed = feedparser.parse(rss.render(CHANNEL, entries))
    assert not parsed.bozo
    first, second = parsed.entries
    assert first.title == "Cédéao : l’après-sommet &lt;i&gt;en direct&lt;/i&gt; &amp; analyses"
    assert second.title == "زيارة إلى الرباط"
    assert first.id == f"urn:aggregator:{entries[0].entry.id}"
    assert first.published_parsed[:5] == (2026, 3, 2, 9, 0)
    assert [item.term for item in first.tags] == ["mali", "africa", "sahel"]
    assert [person.name for person in first.authors] == ["Awa Traoré", "https://awa.example/"]
    assert first.source.href == "https://news.example/feed.xml"
