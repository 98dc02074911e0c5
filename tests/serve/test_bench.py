"""The rule bench: what a query would match, and the rule that is to be copied."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.serve.bench import as_yaml
from aggregator.serve.marking import marked
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import poll, subscribe


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path: Path = empty_database(tmp_path_factory.mktemp("bench") / "aggregator.db")
    store = SqliteStore(path)
    subscribe(store, subscription(name="Example News"))
    poll(
        store,
        new=(
            tagged(entry("Talks in Mali & <b>Chad</b>"), tags=(tag("mali"),)),
            tagged(entry("Rain in Chad", language="fr", content="It rains on Chad.")),
            tagged(entry("Chad long ago"), seen_at=NOW - timedelta(days=31)),
        ),
    )
    store.close()
    with serving(path) as client:
        yield client


def said(page: str) -> str:
    """Return what the page says of the whole."""
    told = re.search(r'<p class="sum">(.*?)</p>', page, re.DOTALL)
    return " ".join(re.sub("<[^>]+>", "", told[1]).split()) if told else ""


def test_nothing_is_asked_before_there_is_a_query(client: httpx.Client) -> None:
    answer = client.get("/bench")
    assert (answer.status_code, said(answer.text)) == (200, "")


def test_it_counts_the_last_thirty_days_by_feed_and_language(client: httpx.Client) -> None:
    page = client.get("/bench", params={"q": "Chad"}).text
    assert said(page) == "2 of 2 entries match."
    assert "<li><bdi>Example News</bdi> <span>2</span></li>" in page
    assert "<li><bdi>fr</bdi> <span>1</span></li>" in page
    assert "long ago" not in page


def test_what_the_query_found_is_marked_and_all_else_is_text(client: httpx.Client) -> None:
    page = client.get("/bench", params={"q": "Chad"}).text
    assert "Talks in Mali &amp; &lt;b&gt;<mark>Chad</mark>&lt;/b&gt;" in page
    assert "It rains on <mark>Chad</mark>." in page


def test_a_query_for_a_tag_is_held_against_what_carries_it(client: httpx.Client) -> None:
    page = client.get("/bench", params={"q": "rain", "tag": "mali"}).text
    assert "as the rule of mali it would add 1, take off 1 and keep 0." in said(page)
    assert 'aria-label="It would add"' in page
    assert 'aria-label="It would take off"' in page


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"q": "Chad AND ("}, 400, "This bracket is never closed."),
        ({"q": "Chad", "tag": "maly"}, 400, "did you mean mali?"),
        ({"q": "tag:mali", "tag": "mali"}, 200, "A rule may not ask for its own tag."),
        ({"q": "published:>now-7d"}, 200, "A rule may not ask this:"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(
    client: httpx.Client, asked: dict[str, str], status: int, told: str
) -> None:
    answer = client.get("/bench", params=asked)
    assert answer.status_code == status
    assert told in unescape(answer.text)


def test_the_rule_is_shown_as_it_stands_in_a_configuration(client: httpx.Client) -> None:
    page = client.get("/bench", params={"q": 'Mali\r\n  OR "Chad"', "tag": "mali"}).text
    shown = re.search(r'id="yaml"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert shown
    rule = yaml.safe_load(unescape(shown[1]))
    assert rule == {"tags": {"mali": {"query": 'Mali\n  OR "Chad"\n'}}}


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), include_characters="\n")))
def test_whatever_the_query_its_rule_is_read_as_it(query: str) -> None:
    lines = [line.rstrip() for line in query.strip().split("\n")]
    read = yaml.safe_load(as_yaml("", "\n".join(lines)))["tags"]["my-tag"]["query"]
    assert read.rstrip("\n") == "\n".join(lines)


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_marking_changes_no_character(text: str, spans: list[tuple[int, int]]) -> None:
    shown = marked(text, spans)
    assert shown.replace("<mark>", "").replace("</mark>", "").unescape() == text
