"""Feeds of outputs, tags and searches, as readers ask for them."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from html import unescape
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import httpx
import pytest
from lxml import etree

from aggregator.serve.negotiation import http_date
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import CONFIG, serving
from tests.store.steps import poll, subscribe

OUTPUTS = """\
outputs:
  - {name: peace, path: public/talks.atom, query: talks, title: Peace talks, limit: 1}
  - {name: known, path: public/known.rss, url: "https://news.example/known.rss"}
"""
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(answer: httpx.Response) -> list[str]:
    """Return the titles of a feed's entries."""
    if "json" in answer.headers["content-type"]:
        return [item["title"] for item in json.loads(answer.content)["items"]]
    tree = etree.fromstring(answer.content)
    return [str(each.text) for each in tree.iterfind(f".//{ATOM}entry/{ATOM}title")] or [
        str(each.text) for each in tree.iterfind(".//item/title")
    ]


def self_of(answer: httpx.Response) -> str:
    """Return where a feed in Atom says that it is."""
    link = etree.fromstring(answer.content).find(f"{ATOM}link[@rel='self']")
    return "" if link is None else str(link.get("href"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = empty_database(tmp_path_factory.mktemp("feeds") / "aggregator.db")
    with closing(SqliteStore(path)) as store:
        subscribe(store, subscription(name="Example News", labels=("africa",)))
        poll(
            store,
            new=(
                tagged(entry("Talks in Mali"), tags=(tag("mali"),)),
                tagged(entry("Talks in Chad", language="fr"), seen_at=NOW - timedelta(days=2)),
                tagged(entry("Old rain"), tags=(tag("gone"),), seen_at=NOW - timedelta(days=20)),
            ),
        )
    return path


@pytest.fixture(scope="module")
def client(database: Path) -> Iterator[httpx.Client]:
    with serving(database, CONFIG + OUTPUTS, below="/here") as client:
        yield client


FEEDS = [
    ("/feeds/peace", ["Talks in Mali"]),
    ("/feeds/known", ["Talks in Mali", "Talks in Chad", "Old rain"]),
    ("/feeds/mali", ["Talks in Mali"]),
    ("/feeds/gone", ["Old rain"]),
    ("/search", ["Talks in Mali", "Talks in Chad", "Old rain"]),
    ("/search{}?q=rain", ["Old rain"]),
    ("/search{}?q=talks&lang=fr", ["Talks in Chad"]),
    ("/search{}?period=1d", ["Talks in Mali"]),
    ("/search{}?label=africa&tag=mali", ["Talks in Mali"]),
]


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("atom", "application/atom+xml; charset=utf-8"),
        ("rss", "application/rss+xml; charset=utf-8"),
        ("json", "application/feed+json; charset=utf-8"),
    ],
)
@pytest.mark.parametrize(("address", "found"), FEEDS)
def test_every_output_tag_and_search_is_a_feed(
    client: httpx.Client, address: str, found: list[str], suffix: str, media_type: str
) -> None:
    dotted = f".{suffix}"
    answer = client.get(f"/here{address.format(dotted) if '{}' in address else address + dotted}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert titles(answer) == found


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/feeds/maly.atom", 404, "There is no output and no tag 'maly': did you mean mali?"),
        ("/feeds/%3Cb%3E.rss", 404, "There is no output and no tag '<b>'. There are: gone"),
        ("/search.atom?q=Mali+AND+(", 400, "This bracket is never closed."),
        ("/search.json?q=tag:maly", 400, "There is no tag 'maly': did you mean mali?"),
    ],
)
def test_a_mistake_is_answered_with_one_sentence_of_text(
    client: httpx.Client, address: str, status: int, told: str
) -> None:
    answer = client.get(f"/here{address}")
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith(told)
    assert "\n" not in answer.text


def test_a_feed_tells_the_address_it_was_asked_under(client: httpx.Client) -> None:
    own = str(client.base_url)
    assert self_of(client.get("/here/feeds/mali.atom")) == f"{own}/here/feeds/mali.atom"
    asked = client.get("/here/search.atom?x=1&tag=&q=a+b", headers={"Host": "desk.example"})
    assert self_of(asked) == "http://desk.example/here/search.atom?q=a+b"


def test_an_output_tells_its_own_address_in_its_own_format_alone(client: httpx.Client) -> None:
    assert b'href="https://news.example/known.rss"' in client.get("/here/feeds/known.rss").content
    answer = client.get("/here/feeds/known.atom")
    assert self_of(answer).endswith("/here/feeds/known.atom")
    assert b"<id>https://news.example/known.rss</id>" in answer.content


def test_a_feed_tells_the_public_address_where_there_is_one(database: Path) -> None:
    public = CONFIG.replace("serve: {", "serve: {url: https://pub.example/here, ")
    with serving(database, public, below="/here") as client:
        answer = client.get("/here/search.atom?q=rain")
    assert self_of(answer) == "https://pub.example/here/search.atom?q=rain"
    assert b"<id>https://pub.example/here/search.atom?q=rain</id>" in answer.content


@pytest.mark.parametrize(
    ("page", "feed", "found"),
    [
        ("/", "/here/search.atom", 3),
        ("/?tag=mali", "/here/feeds/mali.atom", 1),
        ("/?tag=mali&lang=en", "/here/search.atom?tag=mali&lang=en", 1),
    ],
)
def test_readers_find_the_feed_of_what_a_page_shows(
    client: httpx.Client, page: str, feed: str, found: int
) -> None:
    text = client.get(f"/here{page}").text
    links = re.findall(r'rel="alternate" type="application/atom\+xml"[^>]* href="([^"]*)"', text)
    assert [unescape(link) for link in links] == [feed]
    assert len(titles(client.get(feed))) == found


def test_an_entry_leads_to_the_feeds_of_its_tags(client: httpx.Client) -> None:
    page = client.get(f"/here/entries/{entry('Talks in Mali').id}").text
    assert 'href="/here/feeds/mali.rss"' in page


ADDRESS = "/here/feeds/known.atom"


@pytest.mark.parametrize(
    ("asked", "coding"), [("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0.5, *;q=0", "br"), ("", "")]
)
def test_a_feed_is_sent_in_the_coding_that_a_reader_takes(
    client: httpx.Client, asked: str, coding: str
) -> None:
    plain = client.get(ADDRESS, headers={"Accept-Encoding": "identity"})
    with client.stream("GET", ADDRESS, headers={"Accept-Encoding": asked}) as answer:
        body = b"".join(answer.iter_raw())
    undone = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}[coding]
    assert undone(body) == plain.content
    assert answer.headers.get("content-encoding", "") == coding
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["vary"] == "Accept-Encoding"
    assert (answer.headers["etag"] == plain.headers["etag"]) is not bool(coding)


def test_who_has_it_is_sent_nothing(client: httpx.Client) -> None:
    first = client.get(ADDRESS)
    for have in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        answer = client.get(ADDRESS, headers=have)
        assert (answer.status_code, answer.content) == (304, b"")
        for name in ("etag", "last-modified", "cache-control", "vary"):
            assert answer.headers[name] == first.headers[name]
    assert client.get(ADDRESS, headers={"If-Match": '"other"'}).status_code == 412


def test_only_the_headers_may_be_asked_for_and_no_part(client: httpx.Client) -> None:
    whole = client.get(ADDRESS)
    assert whole.headers["accept-ranges"] == "none"
    assert client.get(ADDRESS, headers={"Range": "bytes=0-1"}).content == whole.content
    head = client.head(ADDRESS)
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


def test_readers_are_told_for_how_long_nothing_will_change(client: httpx.Client) -> None:
    control = client.get(ADDRESS).headers["cache-control"]
    assert re.fullmatch(r"public, max-age=(\d+)", control)
    assert 60 <= int(control.rpartition("=")[2]) <= 900


def test_what_was_committed_is_in_the_next_answer(tmp_path: Path) -> None:
    path = empty_database(tmp_path / "aggregator.db")
    with closing(SqliteStore(path)) as store, serving(path) as client:
        subscribe(store, subscription())
        before = client.get("/search.atom")
        assert titles(before) == []
        poll(store, new=(tagged(entry("News")),))
        after = client.get("/search.atom", headers={"If-None-Match": before.headers["etag"]})
        assert (after.status_code, titles(after)) == (200, ["News"])
        assert after.headers["last-modified"] == http_date(NOW)
