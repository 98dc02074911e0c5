"""The river of stories: what it shows, how it is narrowed, and what it says of mistakes."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import poll, subscribe

HOSTILE = '<script>alert("1")</script>'


def stories(text: str) -> list[str]:
    """Return the titles of a page's stories."""
    return [unescape(title) for title in re.findall(r"<h3[^>]*><a[^>]*>(.*?)</a>", text)]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path: Path = empty_database(tmp_path_factory.mktemp("river") / "aggregator.db")
    store = SqliteStore(path)
    subscribe(store, subscription(name="Example News", labels=("africa",)))
    poll(
        store,
        new=(
            tagged(entry("Talks in Mali"), tags=(tag("mali"),)),
            tagged(entry("قمة في باماكو", language="ar"), seen_at=NOW - timedelta(days=2)),
            tagged(entry(HOSTILE, link="javascript:alert(1)"), seen_at=NOW - timedelta(days=20)),
            *(
                tagged(entry(f"Older {number}"), seen_at=NOW - timedelta(days=40))
                for number in range(60)
            ),
        ),
    )
    store.close()
    with serving(path, below="/here") as client:
        yield client


def test_the_newest_stories_come_first_fifty_to_a_page(client: httpx.Client) -> None:
    page = client.get("/here/").text
    assert stories(page)[:3] == ["Talks in Mali", "قمة في باماكو", HOSTILE]
    assert len(stories(page)) == 50


def test_older_stories_follow_and_every_one_comes_once(client: httpx.Client) -> None:
    seen: list[str] = []
    address = "/here/"
    while address:
        page = client.get(address).text
        seen += stories(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(older[1]) if older else ""
    assert len(seen) == len(set(seen)) == 63


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=mali", ["Talks in Mali"]),
        ("tag=mali", ["Talks in Mali"]),
        ("lang=ar", ["قمة في باماكو"]),
        ("period=1d", ["Talks in Mali"]),
        ("period=7d&label=africa", ["Talks in Mali", "قمة في باماكو"]),
        ("label=elsewhere", []),
        ("q=tag:mali+lang:en&period=30d", ["Talks in Mali"]),
        ("period=nonsense&unknown=1&q=mali", ["Talks in Mali"]),
    ],
)
def test_it_is_narrowed_by_what_the_address_says(
    client: httpx.Client, asked: str, found: list[str]
) -> None:
    assert stories(client.get(f"/here/?{asked}").text) == found


def test_a_mistake_in_a_query_is_shown_where_it_is(client: httpx.Client) -> None:
    answer = client.get("/here/", params={"q": "mali AND ("})
    assert answer.status_code == 400
    assert "This bracket is never closed." in answer.text
    assert "mali AND (\n           ^" in answer.text
    assert 'value="mali AND ("' in answer.text


@pytest.mark.parametrize("asked", ["before=x", "before=9999-99-99,a", "lang=%28", "q=tag:nobody"])
def test_what_makes_no_sense_is_said_in_a_sentence(client: httpx.Client, asked: str) -> None:
    answer = client.get(f"/here/?{asked}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_what_publishers_wrote_is_text(client: httpx.Client) -> None:
    page = client.get("/here/").text
    assert "<script>alert" not in page
    assert "javascript:alert" not in page


def test_addresses_stand_below_the_path_that_we_are_served_under(client: httpx.Client) -> None:
    page = client.get("/here/").text
    own = [link for link in re.findall(r'(?:href|src|action)="([^"]*)"', page) if link[:1] == "/"]
    assert own
    assert all(link.startswith("/here/") for link in own)
    assert client.get("/here/static/style.css").status_code == 200
    assert client.get("/").status_code == 404


def test_an_empty_database_says_what_to_do(tmp_path: Path) -> None:
    with serving(empty_database(tmp_path / "aggregator.db")) as client:
        assert "aggregator poll" in client.get("/").text
