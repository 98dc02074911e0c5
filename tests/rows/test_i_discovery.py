"""Section I of the polling rules: feeds are looked for at somebody's wish, and how far."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.app.scouting import Spaced
from aggregator.discovery import GUESSED, AFeed, APage, Scout
from aggregator.errors import (
    AddressRefusedError,
    EmptyBodyError,
    FeedError,
    FetchError,
    HttpStatusError,
    NotAFeedError,
    TooLargeError,
)
from aggregator.fetch.politeness import Hosts
from aggregator.model.fetching import Document, Fetched, FetchRequest
from aggregator.pipeline import Tell
from tests.publisher import Answer, Headers, Publisher, Reply, redirect
from tests.rows.asking import PAGE
from tests.scenario import Clock, Newsroom, rss, url

FEED = Reply(rss("Talks resume"))


def page(*links: str, headers: Headers = ()) -> Reply:
    named = "".join(f"<link rel=alternate type=text/xml href='{link}'>" for link in links)
    return Reply(b"<!doctype html><html>" + named.encode(), headers=headers)


def header(*targets: str) -> Headers:
    line = ", ".join(f'<{each}>; rel="alternate"; type="application/rss+xml"' for each in targets)
    return ((b"Link", line.encode()),)


def scout(newsroom: Newsroom) -> Scout:
    return Scout(newsroom.wiring.edge)


def paths(publisher: Publisher) -> list[str]:
    return [seen.path for seen in publisher.seen()]


def test_row_74_a_feed_is_taken_as_it_is_whatever_it_calls_itself(newsroom: Newsroom) -> None:
    own = f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="{url("/other")}"/>'
    newsroom.publisher.serve("/", Reply(rss("A", head=own), headers=header("/other")))
    found = scout(newsroom).look(url("/"))
    assert isinstance(found, AFeed)
    assert (found.url, found.way, len(found.reading.entries)) == (url("/"), "given", 1)
    assert paths(newsroom.publisher) == ["/"]


def test_row_74_the_link_header_counts_first_then_the_page_with_its_base(
    newsroom: Newsroom,
) -> None:
    body = b"<html><base href='/de/'><link rel=alternate type=text/xml href=rss>"
    newsroom.publisher.serve("/", Reply(body, headers=header("/a", "/de/rss")))
    found = scout(newsroom).look(url("/"))
    assert isinstance(found, APage)
    assert [(feed.url, feed.named_in) for feed in found.feeds] == [
        (url("/a"), "header"),
        (url("/de/rss"), "header"),
    ]
    newsroom.publisher.serve("/", Reply(body))
    found = scout(newsroom).look(url("/"))
    assert isinstance(found, APage)
    assert [(feed.url, feed.named_in) for feed in found.feeds] == [(url("/de/rss"), "page")]
    assert paths(newsroom.publisher) == ["/", "/"]


def test_row_74_a_page_that_names_none_leads_to_four_guesses_at_most(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/news", Reply(PAGE))
    looking = scout(newsroom)
    with pytest.raises(NotAFeedError, match="is a web page that names no feed"):
        looking.look(url("/news"))
    assert paths(newsroom.publisher) == ["/news", "/robots.txt", *GUESSED]
    assert len(GUESSED) == 4
    purposes = [asked.purpose for asked in looking.asked]
    assert purposes == ["discovery", "robots", *["discovery"] * 4]


def test_row_74_the_first_guess_that_is_a_feed_ends_the_guessing(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/news", Reply(PAGE))
    newsroom.publisher.serve("/feed", Reply(PAGE))
    newsroom.publisher.serve("/rss.xml", FEED)
    looking = scout(newsroom)
    found = looking.look(url("/news"))
    assert isinstance(found, AFeed)
    assert (found.url, found.way) == (url("/rss.xml"), "guess")
    assert paths(newsroom.publisher) == ["/news", "/robots.txt", "/feed", "/rss.xml"]
    first = looking.polled(found)
    assert [asked.purpose for asked in first.asked] == ["discovery", "robots", "discovery", "poll"]


@pytest.mark.parametrize(
    ("robots", "guessed"),
    [
        (Reply(status=404), True),
        (Reply(status=403), True),
        (Reply(b""), True),
        (Reply(status=410), True),
        (Reply(status=429), False),
        (Reply(status=500), False),
        (Reply(status=503), False),
        (redirect("http://secret.internal/robots.txt"), False),
        (redirect("/robots"), True),
        (Reply(b"User-agent: *\nDisallow: /"), False),
        (Reply(b"User-agent: *\nDisallow: /\n\nUser-agent: Aggregator\nAllow: /"), True),
        (Reply(b"User-agent: *\nDisallow: /*.xml$"), True),
        (Reply(b"User-agent: *\nDisallow: /feed"), False),
    ],
)
def test_row_54_robots_txt_is_obeyed_where_we_guess(
    newsroom: Newsroom, robots: Answer, guessed: bool
) -> None:
    newsroom.publisher.serve("/", Reply(PAGE))
    newsroom.publisher.serve("/robots.txt", robots)
    newsroom.publisher.serve("/feed", FEED)
    with nullcontext() if guessed else pytest.raises(NotAFeedError):
        assert isinstance(scout(newsroom).look(url("/")), AFeed)
    assert ("/feed" in paths(newsroom.publisher)) is guessed


def test_row_54_robots_txt_is_not_consulted_for_what_is_given_or_named(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/robots.txt", Reply(b"User-agent: *\nDisallow: /"))
    newsroom.publisher.serve("/", page("/rss"))
    newsroom.publisher.serve("/rss", FEED)
    looking = scout(newsroom)
    found = looking.look(url("/"))
    assert isinstance(found, APage)
    assert looking.fetch(found.feeds[0]).way == "page"
    assert paths(newsroom.publisher) == ["/", "/rss"]


@pytest.mark.parametrize("reply", [Reply(status=503), Reply(status=429), Reply(status=403)])
def test_a_site_that_is_out_of_order_is_not_guessed_at_any_further(
    newsroom: Newsroom, reply: Reply
) -> None:
    newsroom.publisher.serve("/", Reply(PAGE))
    newsroom.publisher.serve("/feed", reply)
    with pytest.raises(NotAFeedError):
        scout(newsroom).look(url("/"))
    assert paths(newsroom.publisher) == ["/", "/robots.txt", "/feed"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=404), HttpStatusError),
        (Reply(status=410), HttpStatusError),
        (Reply(b""), EmptyBodyError),
        (Reply(b"%PDF-1.7"), NotAFeedError),
        (redirect("http://secret.internal/"), AddressRefusedError),
        (Reply(b"x" * 50_001), TooLargeError),
    ],
)
def test_where_there_is_no_page_nothing_is_guessed(
    limited: Newsroom, reply: Reply, error: type[FeedError]
) -> None:
    limited.publisher.serve("/", reply)
    with pytest.raises(error):
        scout(limited).look(url("/"))
    assert paths(limited.publisher) == ["/"]


@pytest.mark.parametrize(
    "reply",
    [
        page("http://secret.internal/rss"),
        page("http://127.0.0.1/rss"),
        page("/moved"),
        page(headers=header("http://[::1]/rss")),
    ],
)
def test_row_70_what_a_page_names_is_no_way_round_the_guard(
    newsroom: Newsroom, reply: Reply
) -> None:
    newsroom.publisher.serve("/", reply)
    newsroom.publisher.serve("/moved", redirect("http://secret.internal/rss"))
    looking = scout(newsroom)
    found = looking.look(url("/"))
    assert isinstance(found, APage)
    with pytest.raises(AddressRefusedError):
        looking.fetch(found.feeds[0])
    assert set(paths(newsroom.publisher)) <= {"/", "/moved"}


def test_a_page_names_no_file_of_ours(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "own.xml").write_bytes(FEED.body)
    newsroom.publisher.serve("/", page((tmp_path / "own.xml").as_uri()))
    with pytest.raises(NotAFeedError, match="names no feed"):
        scout(newsroom).look(url("/"))


# --- spacing --------------------------------------------------------------------------------------


def test_row_59_one_host_is_asked_with_a_gap_between_the_beginnings() -> None:
    clock = Clock()
    began: list[tuple[str, float]] = []
    start = clock()

    def fetch(request: FetchRequest, _: Tell) -> Fetched:
        began.append((request.url, (clock() - start).total_seconds()))
        clock.advance(seconds=3 if "slow" in request.url else 0.5)
        if "bad" in request.url:
            raise FetchError("Bad.")
        return Document(request.url, b"", "", clock())

    hosts = Hosts(timedelta(seconds=2), timedelta(0))
    spaced = Spaced(fetch, hosts, clock, lambda wait: clock.advance(seconds=wait))
    for address in ("http://a.example/slow", "http://a.example/", "http://b.example/"):
        spaced(FetchRequest(address), _untold)
    with pytest.raises(FetchError):
        spaced(FetchRequest("http://b.example/bad"), _untold)
    spaced(FetchRequest("http://b.example/"), _untold)
    assert [at for _, at in began] == [0, 6, 6.5, 8.5, 10.5]
    hurried = replace(spaced, hosts=Hosts(timedelta(0), timedelta(0)))
    hurried(FetchRequest("http://b.example/"), _untold)
    assert began[-1][1] == 11


def _untold(_: object) -> None: ...
