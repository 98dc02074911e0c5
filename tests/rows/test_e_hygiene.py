"""Section E of the polling rules: request hygiene."""

import gzip
import re
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
from tests.rows.asking import issued, polls
from tests.rows.secured import SECURE, Secured
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


def test_row_46_each_request_for_a_feed_bears_its_id_and_no_other(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", "/other")
    newsroom.publisher.serve("/feed", redirect("http://mirror.example/copy"))
    for path in ("/copy", "/other"):
        newsroom.publisher.serve(path, Reply(rss("A"), headers=issued()))
    for _ in range(2):
        newsroom.poll()
        newsroom.clock.advance(days=2)
    agents = {
        path: {seen.values(b"User-Agent") for seen in newsroom.seen(path)}
        for path in ("/feed", "/copy", "/other")
    }
    assert agents["/feed"] == agents["/copy"] == {(agent_for(AGENT, url("/feed")).encode(),)}
    assert agents["/other"] == {(agent_for(AGENT, url("/other")).encode(),)}
    ((told,),) = agents["/other"]
    assert re.fullmatch(
        rb"aggregator/0\.1\.0 \(\+https://newsroom\.example/reader; feed-id=[0-9a-f]{12}\)", told
    )
    assert b"subscribers" not in told  # one request is for one reader: us


def test_row_47_no_request_says_where_it_comes_from(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/new", redirect("http://mirror.example/copy", 301))
    newsroom.publisher.serve("/copy", Reply(rss("A")))
    polls(newsroom, redirect("/new", 307), redirect("/new", 307))
    assert len(newsroom.publisher.seen()) == 6
    assert not any(seen.values(b"Referer") for seen in newsroom.publisher.seen())


def test_row_48_a_cookie_is_sent_to_nobody_not_even_on_the_next_poll(newsroom: Newsroom) -> None:
    cookie = (b"Set-Cookie", b"visitor=7; Path=/; Max-Age=99999999")
    newsroom.publisher.serve("/new", Reply(rss("A"), headers=(cookie,)))
    polls(newsroom, redirect("/new", headers=(cookie,)), Reply(rss("B"), headers=(cookie,)))
    polls(newsroom, Reply(status=500, headers=(cookie,)), Reply(rss("C")))
    assert len(newsroom.publisher.seen()) == 5
    assert not any(seen.values(b"Cookie") for seen in newsroom.publisher.seen())


def test_row_49_nothing_is_added_to_make_a_cache_look_again(newsroom: Newsroom) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()), Reply(status=304))
    newsroom.clock.advance(days=1)
    newsroom.poll("/feed")  # a person asks
    for seen in newsroom.publisher.seen():
        assert seen.path == "/feed"
        assert not seen.values(b"Cache-Control")
        assert not seen.values(b"Pragma")


@pytest.mark.parametrize(
    "written", [f"  http://{HOST}/feed \n", f"feed://{HOST}/feed", f"feed:http://{HOST}/feed#a"]
)
def test_row_49_an_address_is_trimmed_and_feed_means_http(newsroom: Newsroom, written: str) -> None:
    newsroom.subscribe(written)
    newsroom.publisher.serve("/feed", Reply(rss("A")))
    newsroom.poll_next()
    assert [seen.path for seen in newsroom.publisher.seen()] == ["/feed"]
    assert newsroom.titles() == ["A"]


def test_row_49_feed_may_mean_https(secured: Secured) -> None:
    secured.newsroom.subscribe(f"feed:https://{SECURE}/feed")
    secured.publisher.serve("/feed", Reply(rss("A")))
    secured.newsroom.poll_next()
    assert secured.paths() == ([], ["/feed"])


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


def test_rows_50_and_51_what_is_accepted_is_said_on_every_hop(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/copy", Reply(rss("A")))
    polls(newsroom, redirect("http://mirror.example/copy"))
    first, second = newsroom.publisher.seen()
    for name in (b"Accept", b"Accept-Encoding"):
        assert first.values(name) == second.values(name) != ()


@pytest.mark.parametrize("case", CODINGS)
def test_row_51_every_coding_is_undone(newsroom: Newsroom, case: str) -> None:
    named, encode = CODINGS[case]
    polls(newsroom, Reply(encode(rss("A")), headers=((b"Content-Encoding", named),)))
    assert newsroom.titles() == ["A"]


def test_row_52_the_same_address_with_other_credentials_is_another_feed(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe(f"http://ada:1@{HOST}/feed", f"http://bob:2@{HOST}/feed")
    newsroom.publisher.serve("/feed", Reply(rss("A")))
    newsroom.poll()
    assert len(newsroom.seen()) == 2


def test_row_52_one_address_is_asked_once_however_often_it_is_wanted(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", "/feed", "/feed")
    polls(newsroom, Reply(rss("A")))
    assert len(newsroom.seen()) == 1
