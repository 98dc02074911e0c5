"""The feeds: how all of them do, in any order, and each with the history of its polls."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.identity import feed_id
from aggregator.model.feeds import Rhythm, Subscription
from aggregator.model.polls import Outcome
from aggregator.store.sqlite import SqliteStore
from tests.builders import FEED, NOW, entry, poll_record, subscription, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import fail, poll, subscribe

SECRET = "https://ada:s3cret@lost.example/feed.xml"
SENTENCE = "It did not answer within 60 s."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path: Path = empty_database(tmp_path_factory.mktemp("feeds") / "aggregator.db")
    store = SqliteStore(path)
    paused = subscription("https://paused.example/", name="<i>Paused</i>", paused=True)
    subscribe(
        store,
        subscription(name="Example News", labels=("africa",)),
        subscription(SECRET, name=None),
        paused,
    )
    rhythm = Rhythm(events=30, days=8, observed_at=NOW, last_event_at=NOW)
    kept: dict[str, Any] = {
        "rhythm": rhythm,
        "due_reason": "next in 2 h: publishes about 3 times a day",
    }
    read = poll_record(started_at=NOW - timedelta(hours=1), ended_at=NOW, new=1, body_bytes=12_345)
    poll(store, new=(tagged(entry("Talks in Mali")),), poll=read, **kept)
    same = poll_record(outcome=Outcome.NOT_MODIFIED, status=304)
    poll(store, poll=same, feed=None, due_at=NOW + timedelta(hours=2), **kept)
    lasting = Rhythm(failures=1_200, failing_since=NOW - timedelta(days=50))
    fail(store, SECRET, rhythm=lasting, due_at=NOW - timedelta(minutes=5))
    store.close()
    with serving(path, below="/here") as client:
        yield client


def rows(page: str) -> list[str]:
    """Return what each row of a table says."""
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def names(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r"<bdi>(.*?)</bdi></a>", page)]


def test_each_feed_has_its_health(client: httpx.Client) -> None:
    _, paused, news, lost = rows(client.get("/here/feeds").text)
    assert paused.startswith("<i>Paused</i> paused https://paused.example/ never paused in the")
    assert news == (
        f"Example News {FEED} just now in 2 h next in 2 h: publishes about 3 times a day."
        " 3.0 – 1 12 kB"
    )
    assert lost.startswith("https://lost.example/feed.xml failing https://lost.example/feed.xml")
    assert f" never due 5 min ago {SENTENCE}" in lost
    assert lost.endswith("– 1,200 since 50 d ago 0 –")


def test_no_password_is_shown_nor_part_of_an_address(client: httpx.Client) -> None:
    listed = client.get("/here/feeds").text
    one = client.get(f"/here/sources/{feed_id(SECRET)}").text
    assert "https://lost.example/feed.xml" in one
    assert "s3cret" not in listed + one


@pytest.mark.parametrize(
    ("asked", "first", "marked"),
    [
        ("", "<i>Paused</i>", "ascending"),
        ("sort=-name", "https://lost.example/feed.xml", "descending"),
        ("sort=errors", "https://lost.example/feed.xml", "descending"),
        ("sort=-errors", "<i>Paused</i>", "ascending"),
        ("sort=rate", "Example News", "descending"),
        ("sort=next", "https://lost.example/feed.xml", "ascending"),
        ("sort=-success", "Example News", "descending"),
        ("sort=entries", "Example News", "descending"),
        ("sort=size", "Example News", "descending"),
        ("sort=nonsense&page=none", "<i>Paused</i>", "ascending"),
    ],
)
def test_they_come_in_the_order_that_the_address_asks_for(
    client: httpx.Client, asked: str, first: str, marked: str
) -> None:
    page = client.get(f"/here/feeds?{asked}").text
    assert names(page)[0] == first
    assert re.findall(r'aria-sort="(\w+)"', page) == [marked]


def test_the_head_that_was_chosen_leads_to_the_other_way_round(client: httpx.Client) -> None:
    page = client.get("/here/feeds?sort=errors").text
    assert 'aria-sort="descending"><a href="/here/feeds?sort=-errors"' in page
    page = client.get("/here/feeds?sort=-errors").text
    assert 'aria-sort="ascending"><a href="/here/feeds?sort=errors"' in page


def test_what_fails_is_counted_and_one_click_away(client: httpx.Client) -> None:
    assert (
        '3 feeds, <a href="/here/feeds?sort=errors">1 failing</a>' in client.get("/here/feeds").text
    )


def test_a_feed_is_shown_with_the_history_of_its_polls(client: httpx.Client) -> None:
    page = client.get(f"/here/sources/{feed_id(FEED)}").text
    assert rows(page)[1:] == [
        "just now 2026-03-02 12:00 not modified 304 – – 2 s –",
        "1 h ago 2026-03-02 11:00 news 200 1 – 1 h 12 kB",
    ]
    assert "<dd>publishes about 3 times a day</dd>" in page


def test_what_went_wrong_is_said_at_its_poll(client: httpx.Client) -> None:
    page = client.get(f"/here/sources/{feed_id(SECRET)}").text
    assert rows(page)[1].startswith(f"just now 2026-03-02 12:00 failed {SENTENCE}")


def test_a_feed_that_was_never_polled_says_so(client: httpx.Client) -> None:
    page = client.get(f"/here/sources/{feed_id('https://paused.example/')}").text
    assert "It was not polled yet." in page
    assert "<i>" not in page


def test_stories_lead_to_their_sources(client: httpx.Client) -> None:
    page = client.get("/here/").text
    assert f'href="/here/sources/{feed_id(FEED)}"' in page


@pytest.mark.parametrize("path", ["sources/none", "feeds?page=2", "feeds?page=999999"])
def test_what_there_is_not_is_said_so(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/here/{path}")
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text


def test_many_feeds_stand_on_several_pages_and_every_one_on_one(tmp_path: Path) -> None:
    path = empty_database(tmp_path / "aggregator.db")
    urls = [f"https://{number}.example/" for number in range(250)]
    store = SqliteStore(path)
    store.subscribe([Subscription(url, url) for url in urls], NOW)
    store.close()
    seen: list[str] = []
    address = "/feeds?sort=-name"
    with serving(path) as client:
        while address:
            page = client.get(address).text
            seen += names(page)
            further = re.search(r'rel="next" href="([^"]+)"', page)
            address = unescape(further[1]) if further else ""
    assert seen == sorted(urls, reverse=True)
    assert 'rel="prev" href="/feeds?sort=-name&amp;page=2"' in page


def test_without_any_feed_that_is_said(tmp_path: Path) -> None:
    with serving(empty_database(tmp_path / "aggregator.db")) as client:
        assert "There are no feeds yet" in client.get("/feeds").text
