"""The tags: all of them in numbers, and each with its rule and what carries it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from aggregator.serve.charts import Span, chart
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, evidence, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import CONFIG, serving
from tests.store.steps import poll, subscribe

RULES = CONFIG.replace(
    "    examples: {match: [Talks in Mali]}",
    "    description: The state, not its name's bearers\n"
    "    examples:\n"
    "      match:\n"
    "        - title: Talks in Mali & <b>Chad</b>\n"
    "          lang: en\n"
    "          category: [Diplomacy]\n"
    "      no_match: [Mali the elephant]",
).replace("query: Mali\n", 'query: "Mali EXCEPT elephant"\n')


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path: Path = empty_database(tmp_path_factory.mktemp("tags") / "aggregator.db")
    store = SqliteStore(path)
    subscribe(store, subscription(name="Example News"))
    mali, lost = tag("mali", evidence=(evidence(start=9, end=13),)), tag("lost & found")
    poll(
        store,
        new=(
            tagged(entry("Talks in Mali & <b>Chad</b>"), tags=(mali, lost)),
            *(
                tagged(entry(f"Talks in Mali {n}"), seen_at=NOW - timedelta(days=n), tags=(mali,))
                for n in (0, 1, 2, 3, 10, 20)
            ),
        ),
    )
    store.close()
    with serving(path, RULES, below="/here") as client:
        yield client


def rows(page: str) -> list[str]:
    """Return what each row of a table says."""
    found = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    drawings = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)
    return [" ".join(unescape(drawings.sub(" ", row)).split()) for row in found]


def test_each_tag_has_its_numbers_the_most_frequent_first(client: httpx.Client) -> None:
    assert rows(client.get("/here/tags").text)[1:] == [
        "Mali surge 7 5 1 +4",
        "lost & found no rule gives it any more 1 1 0 +1",
        "sahel 0 0 0 =",
    ]


def test_a_chart_says_in_words_what_it_shows(client: httpx.Client) -> None:
    page = client.get("/here/tags").text
    assert page.count('role="img"') == 3
    said = (
        "7 entries in 35 days, 5 of them in the last 7; most on 02 March: 2. Surge until 02 March."
    )
    assert f'<desc id="chart-1-told">{said}</desc>' in page
    assert '<desc id="chart-3-told">No entries in 35 days.</desc>' in page
    assert "style=" not in page


def test_a_tag_is_shown_with_its_rule_and_its_examples(client: httpx.Client) -> None:
    page = unescape(client.get("/here/tags/mali").text)
    assert 'mali:\n  title: Mali\n  query: "Mali EXCEPT elephant"\n  description:' in page
    assert "feeds.yaml:7" in page
    assert "The state, not its name's bearers" in page
    assert "Must match" in page
    assert "Mali the elephant" in page
    assert "Diplomacy" in page
    assert "/here/bench?tag=mali&q=Mali+EXCEPT+elephant" in page


def test_the_latest_that_carry_it_have_their_evidence_marked(client: httpx.Client) -> None:
    page = client.get("/here/tags/mali").text
    assert "Talks in <mark>Mali</mark> &amp; &lt;b&gt;Chad&lt;/b&gt;" in page
    assert len(re.findall(r"<h3", page)) == 7


def test_a_tag_leads_to_its_feeds_and_readers_find_them(client: httpx.Client) -> None:
    page = client.get("/here/tags/mali").text
    for suffix in ("atom", "rss", "json"):
        assert page.count(f'href="/here/feeds/mali.{suffix}"') == 2
        assert client.get(f"/here/feeds/mali.{suffix}").status_code == 200


def test_a_tag_that_no_rule_gives_any_more_says_so(client: httpx.Client) -> None:
    answer = client.get("/here/tags/lost%20%26%20found")
    assert answer.status_code == 200
    assert "No rule gives this tag any more" in answer.text


def test_a_rule_that_was_not_applied_says_so(client: httpx.Client) -> None:
    assert "aggregator retag mali" in client.get("/here/tags/mali").text


def test_a_tag_that_there_is_not_is_said_so(client: httpx.Client) -> None:
    answer = client.get("/here/tags/maly")
    assert answer.status_code == 404
    assert "did you mean mali?" in answer.text


def test_without_any_tag_that_is_said(tmp_path: Path) -> None:
    with serving(empty_database(tmp_path / "aggregator.db"), "feeds: []\n") as client:
        assert "There are no tags" in client.get("/tags").text


def test_bars_stand_on_the_ground_and_the_highest_fills_the_drawing() -> None:
    drawn = chart((0, 1, 0, 4), NOW.date(), 20)
    assert [(bar.x, bar.y, bar.height) for bar in drawn.bars] == [(4, 15, 5), (12, 0, 20)]
    assert (drawn.width, drawn.most, drawn.last) == (16, 4, NOW.date())
    assert drawn.bars[1].told == "Monday 02 March: 4 entries"


def test_days_on_end_that_stand_out_are_one_span() -> None:
    drawn = chart((1,) * 6, NOW.date(), 20, (False, True, True, False, False, True))
    told = ("Surge until 27 February.", "Surge until 02 March.")
    assert drawn.spans == (Span(4, 8, told[0]), Span(20, 4, told[1]))
    assert drawn.told.endswith(": 1. Surge until 27 February. Surge until 02 March.")


def test_little_is_still_seen_beside_much() -> None:
    assert chart((1, 1000), NOW.date(), 20).bars[0].height == 1
