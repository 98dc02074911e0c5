"""Lists of feeds come in from strangers and go out as OPML 2.0."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.errors import UsageError
from aggregator.model.feeds import Subscription
from aggregator.opml import MAX_BYTES, OpmlFeed, read_opml, write_opml


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="1.0"><body>{body}</body></opml>'.encode()


def test_outlines_around_a_feed_and_its_categories_are_its_labels() -> None:
    body = """
    <outline text="Africa"><outline title="Wires" text="w">
      <outline type="rss" text="A" title="A &amp; B" XMLURL="https://a.example/rss"
               category="/news/west,daily"/>
    </outline></outline>
    <outline text="no feed, no label"/>
    <outline xmlUrl="feed:https://b.example/rss"/>
    <outline xmlUrl="Feed://c.example/rss"/>"""
    assert read_opml(opml(body)) == (
        OpmlFeed("https://a.example/rss", "A & B", ("Africa", "Wires", "news/west", "daily")),
        OpmlFeed("https://b.example/rss"),
        OpmlFeed("http://c.example/rss"),
    )


def test_a_feed_that_is_listed_twice_is_read_once() -> None:
    twice = '<outline text="A" xmlUrl="https://a.example/"/>' * 2
    assert len(read_opml(opml(twice))) == 1


def test_outlines_in_a_namespace_are_outlines() -> None:
    body = b'<opml xmlns="urn:x"><body><outline xmlUrl="https://a.example/"/></body></opml>'
    assert [feed.url for feed in read_opml(body)] == ["https://a.example/"]


LAUGHS = b'<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + opml("")[21:]

REFUSED = {
    "empty": (b"", "broken in line 1"),
    "text": (b"just text", "broken in line 1"),
    "html": (b"<html><body/></html>", "begins with <html>"),
    "no body": (b"<opml/>", "no <body>"),
    "cut off": (opml("")[:-5], "broken in line 1"),
    "bad bytes": (b"\xff\xfe\x00", "broken in line 1"),
    "document type": (LAUGHS, "document type"),
    "deep": (opml("<outline>" * 30 + "</outline>" * 30), "20 deep"),
    "too deep for XML": (opml("<outline>" * 999 + "</outline>" * 999), "broken in line 1"),
    "huge": (b" " * (MAX_BYTES + 1), "too large"),
    "file": (opml('<outline xmlUrl="file:///etc/passwd"/>'), "not a web address"),
    "path": (opml('<outline xmlUrl="/etc/passwd"/>'), "not a web address"),
    "feed file": (opml('<outline xmlUrl="feed:file:///etc/passwd"/>'), "not a web address"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_list_of_web_feeds_is_refused_in_one_sentence(case: str) -> None:
    body, told = REFUSED[case]
    with pytest.raises(UsageError, match=told) as caught:
        read_opml(body)
    assert "\n" not in str(caught.value)


def test_a_billion_laughs_in_an_attribute_is_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE opml [<!ENTITY e0 "ha">{entities}]><opml text="&e9;"><body/></opml>'
    with pytest.raises(UsageError):
        read_opml(body.encode())


def test_an_entity_that_names_a_file_is_not_read() -> None:
    body = (
        b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>&x;</body></opml>'
    )
    with pytest.raises(UsageError, match="document type"):
        read_opml(body)


def test_files_are_not_written() -> None:
    body = write_opml([Subscription("a.xml", "file:///a.xml")], "Ours")
    assert read_opml(body) == ()


def test_what_is_written_is_the_same_every_time_and_names_its_version() -> None:
    feeds = [Subscription("https://a.example/", "https://a.example/", "A\x07", ("x", "y,z"))]
    body = write_opml(feeds, "Ours")
    assert body == write_opml(feeds, "Ours")
    assert etree.fromstring(body).get("version") == "2.0"
    assert read_opml(body) == (OpmlFeed("https://a.example/", "A", ("x", "y z")),)


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1).filter(
    lambda text: not set(text) & set(",/")
)


@given(words, st.lists(words, max_size=3, unique=True))
def test_reading_what_we_wrote_gives_it_back(name: str, labels: list[str]) -> None:
    url = "https://a.example/rss?x=1&y=2"
    body = write_opml([Subscription(url, url, name, tuple(labels))], name)
    assert read_opml(body) == (OpmlFeed(url, name, tuple(labels)),)


@given(st.binary(max_size=200) | st.text(max_size=100).map(opml))
def test_reading_is_total(body: bytes) -> None:
    try:
        feeds = read_opml(body)
    except UsageError:
        return
    assert all(feed.url.startswith("http") for feed in feeds)
