"""From a document to a raw feed: every fixture, and every body there is."""

import pickle
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tests.data.feeds
from aggregator.errors import NotAFeedError, ParseError
from aggregator.model.raw import RawEntry, RawFeed
from aggregator.normalise import normalise
from aggregator.parse.document import MOST_ENTRIES, bounded, parse_document
from tests.invariants import broken
from tests.parse.documents import document, rss

FEEDS = Path(tests.data.feeds.__file__).parent
FIXTURES = sorted(path for path in FEEDS.iterdir() if path.suffix in {".xml", ".json"})

MARKUP = (
    *b"<>&;!?[]'\"/=:#x0 \n",
    *"aé中\0\ufffe".encode(),
    0xFF,
)
FRAGMENTS = (
    b'<?xml version="1.0" encoding="utf-16"?>',
    b"<!DOCTYPE rss [<!ENTITY a '&b;'>",
    b'<rss version="2.0">',
    b"<feed xmlns='http://www.w3.org/2005/Atom'>",
    b"<rdf:RDF>",
    b"<channel>",
    b"</channel></rss>",
    b"<item>",
    b"</item>",
    b"<entry>",
    b"</entry>",
    b"<title>",
    b"<title type='xhtml'>",
    b"</title>",
    b"<link href='x'/>",
    b"<links a='b'/>",
    b"<authors a='b'/>",
    b"<tags>",
    b"<author>",
    b"</author>",
    b"<media:thumbnail url='x'/>",
    b"<image><url>",
    b"<guid>1</guid>",
    b"<skipHours><hour>1</hour></skipHours>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"&#1114112;",
    b"&nbsp;",
    b"\xfe\xff",
)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_fixture_reads_as_written_beside_it(path: Path) -> None:
    beside = import_module(f"tests.data.feeds.{path.stem}")
    given_document = document(path.read_bytes(), getattr(beside, "CONTENT_TYPE", None))
    if isinstance(beside.EXPECTED, ParseError):
        with pytest.raises(type(beside.EXPECTED)) as refused:
            parse_document(given_document)
        assert str(refused.value) == str(beside.EXPECTED)
    else:
        assert parse_document(given_document) == beside.EXPECTED


def test_every_expectation_has_its_fixture() -> None:
    expectations = {path.stem for path in FEEDS.glob("*.py")} - {"__init__"}
    assert expectations == {path.stem for path in FIXTURES}


@pytest.mark.parametrize("body", ["", " \n\t", "\ufeff", "\0\0"])
def test_a_document_without_anything_says_that_it_is_empty(body: str) -> None:
    with pytest.raises(NotAFeedError, match=r"^https://example\.org/feed is empty\.$"):
        parse_document(document(body))


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/plain; charset=utf-8", "application/octet-stream", None]
)
def test_the_content_type_does_not_decide_what_a_document_is(content_type: str | None) -> None:
    feed = parse_document(document(rss("<item><title>One</title></item>"), content_type))
    assert (feed.format, len(feed.entries)) == ("rss20", 1)
    body = '{"version": "https://jsonfeed.org/version/1.1", "items": []}'
    assert parse_document(document(body, content_type)).format == "json11"


def test_a_web_page_called_a_feed_is_a_web_page() -> None:
    with pytest.raises(NotAFeedError, match="try `aggregator feeds discover https://example"):
        parse_document(document("<html><body>Log in</body></html>", "application/rss+xml"))


def test_a_path_as_the_body_opens_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss("<item><title>secret</title></item>"))
    with pytest.raises(NotAFeedError, match="neither XML nor JSON"):
        parse_document(document(str(secret)))


def test_all_that_is_wrong_is_told_in_one_sentence() -> None:
    feed = parse_document(document(rss("<item><title>a & b\x01</title></item>")))
    assert feed.problem == (
        "This document has flaws: it contains 1 forbidden control character in line 1;"
        " it has ampersands not escaped (line 1, entry 1)."
    )


def entry(number: int, published: str | None = None) -> RawEntry:
    return RawEntry(guid=str(number), published=published)


def test_as_many_entries_as_allowed_are_all_read() -> None:
    entries = tuple(entry(number) for number in range(MOST_ENTRIES))
    assert bounded(entries) == entries


def test_of_too_many_entries_the_first_are_read_and_later_ones_that_are_newer() -> None:
    first = tuple(entry(number, "2024-03-01T00:00:00Z") for number in range(MOST_ENTRIES))
    same, newer = entry(-1, "2024-03-01T00:00:00Z"), entry(-2, "2024-03-02T00:00:00Z")
    older, undated = entry(-3, "2023-01-01T00:00:00Z"), entry(-4)
    assert bounded((*first, same, newer, older, undated)) == (*first, newer)


def test_of_too_many_entries_without_dates_the_first_are_read() -> None:
    first = tuple(entry(number) for number in range(MOST_ENTRIES))
    assert bounded((*first, entry(-1, "2024-03-02T00:00:00Z"))) == first


def test_a_feed_with_too_many_entries_says_so() -> None:
    items = "<item><guid>x</guid></item>" * (MOST_ENTRIES + 5)
    feed = parse_document(document(rss(items)))
    assert len(feed.entries) == MOST_ENTRIES
    assert feed.problem == "This document has flaws: of its 2,005 entries 5 were left out."


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=8), max_size=30).map(b"".join)
    | st.lists(st.sampled_from(MARKUP), max_size=60).map(bytes)
    | st.binary(max_size=200),
    st.none() | st.text(max_size=20) | st.sampled_from(["text/xml; charset=utf-16", "x;charset=é"]),
)
@example(b"\xff" * 50, None)
@example(b"<rss version='2.0'><channel><item><title>&#xD800;</titl>", None)
@example(b"<!DOCTYPE rss [<!ENTITY a '\\1'>]><rss><channel>&a;<item/>", None)
@example(b"<rss><channel><item><links a='b'/><link>x</link></item></channel></rss>", None)
@example(b"<rss><channel><x:y/><skipHours><hour>1</hour></skipHours></channel></rss>", None)
@example(b"<feed><entry><authors x='1'/><author><name>a</name></author></entry></feed>", None)
def test_every_body_is_a_feed_that_keeps_our_laws_or_a_parse_error_and_can_be_pickled(
    body: bytes, content_type: str | None
) -> None:
    result: RawFeed | ParseError
    try:
        result = parse_document(document(body, content_type))
    except ParseError as error:
        result = error
    again = pickle.loads(pickle.dumps(result))
    if isinstance(result, RawFeed):
        assert again == result
        assert broken(*normalise(result, key="k", url="https://example.org/feed")) == []
    else:
        assert str(again) == str(result)
