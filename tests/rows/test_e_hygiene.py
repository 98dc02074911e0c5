"""Section E of the polling rules: request hygiene."""

import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard

from aggregator.fetch.asking import agent_for
from tests.publisher import (
    Reply,
    redirect,
)
from tests.rows.asking import (
    polls,
)
from tests.scenario import AGENT, HOST, Newsroom, rss, url


def test_rows_46_to_50_a_request_says_who_asks_and_nothing_that_nobody_needs(
    newsroom: Newsroom,
) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A"), headers=((b"Set-Cookie", b"id=1"),)))
    polls(newsroom, *[redirect("/new", headers=((b"Set-Cookie", b"visitor=7"),))] * 2)
    expected = {
        b"host": HOST.encode(),
        b"user-agent": agent_for(AGENT, url("/feed")).encode(),
        b"accept": (
            b"application/atom+xml, application/rss+xml, application/feed+json,"
            b" application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
            b" application/json;q=0.6, */*;q=0.1"
        ),
        b"accept-encoding": b"gzip, br, zstd",
        b"connection": b"close",
    }
    for seen in newsroom.publisher.seen():
        assert {name.lower(): value for name, value in seen.headers} == expected


@pytest.mark.parametrize("path", ["/feed?", "/feed?b=2&a=1", "/f%65ed", "/feed?q=%C3%a9+x", "//a"])
def test_row_49_an_address_is_asked_for_as_it_is_written(newsroom: Newsroom, path: str) -> None:
    newsroom.publisher.serve(path, Reply(rss("A")))
    newsroom.subscribe(f"http://{HOST}{path}#top")
    newsroom.poll_next()
    assert [seen.path for seen in newsroom.publisher.seen()] == [path]
    assert newsroom.titles() == ["A"]


CODINGS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip": (b"gzip", gzip.compress),
    "br": (b"br", brotli.compress),
    "zstd": (b"zstd", zstandard.ZstdCompressor().compress),
    "x-gzip": (b"x-gzip", gzip.compress),
    "deflate": (b"deflate", zlib.compress),
    "gzip twice": (b"gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
    "gzip in name only": (b"gzip", bytes),
    "gzip unnamed": (b"identity", gzip.compress),
}


@pytest.mark.parametrize("case", CODINGS)
def test_row_51_every_coding_is_undone(newsroom: Newsroom, case: str) -> None:
    named, encode = CODINGS[case]
    polls(newsroom, Reply(encode(rss("A")), headers=((b"Content-Encoding", named),)))
    assert newsroom.titles() == ["A"]


def test_row_52_one_address_is_asked_once_however_often_it_is_wanted(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", "/feed", "/feed")
    polls(newsroom, Reply(rss("A")))
    assert len(newsroom.seen()) == 1
