"""Hubs are told when what we publish has changed: once, and again where they did not listen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from aggregator.config.settings import OutputSettings
from aggregator.webhooks.pings import MOST_TRIES, Pinging
from tests.publisher import Reply
from tests.scenario import Newsroom, url

HUB = url("/hub")
TOPIC = "https://newsroom.example/sahel.atom"
OUTPUT = OutputSettings("sahel", Path("/x.atom"), "atom", "Sahel", url=TOPIC, hub=HUB)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as running:
        running.publisher.serve("/hub", Reply(status=204))
        yield running


@pytest.fixture
def pinging(newsroom: Newsroom) -> Pinging:
    return Pinging(newsroom.store, newsroom.heard.events.append)


def told(newsroom: Newsroom, pinging: Pinging) -> list[dict[str, list[str]]]:
    """Let all be told that can be told now; return the forms that came so far, in order."""
    pinging.act(newsroom.sweep)
    while pinging.is_away:
        newsroom.sweep.turn(1)
    return [parse_qs(seen.body.decode()) for seen in newsroom.seen("/hub")]


def test_a_hub_is_told_once_of_changes_that_came_together(
    newsroom: Newsroom, pinging: Pinging
) -> None:
    assert told(newsroom, pinging) == []
    pinging.changed(OUTPUT, newsroom.clock())
    pinging.changed(OUTPUT, newsroom.clock())
    form = {"hub.mode": ["publish"], "hub.url": [TOPIC]}
    assert told(newsroom, pinging) == [form]
    assert told(newsroom, pinging) == [form]
    (seen,) = newsroom.seen("/hub")
    assert seen.method == "POST"
    assert seen.values(b"content-type") == (b"application/x-www-form-urlencoded",)
    (asked,) = newsroom.store.requests_to(str(urlsplit(HUB).hostname), 9)
    assert (asked.purpose, asked.reason) == ("hub", "An output has changed.")


def test_an_output_without_a_hub_or_an_address_tells_nobody(
    newsroom: Newsroom, pinging: Pinging
) -> None:
    for each in (replace(OUTPUT, hub=None), replace(OUTPUT, url=None)):
        pinging.changed(each, newsroom.clock())
    assert told(newsroom, pinging) == []


def test_a_hub_that_fails_is_told_later_and_later_and_given_up_in_the_end(
    newsroom: Newsroom, pinging: Pinging
) -> None:
    newsroom.publisher.serve("/hub", Reply(status=500))
    pinging.changed(OUTPUT, newsroom.clock())
    assert len(told(newsroom, pinging)) == len(told(newsroom, pinging)) == 1
    newsroom.clock.advance(minutes=1)
    assert len(told(newsroom, pinging)) == len(told(newsroom, pinging)) == 2
    for _ in range(MOST_TRIES + 2):
        newsroom.clock.advance(hours=6)
        told(newsroom, pinging)
    assert len(newsroom.seen("/hub")) == MOST_TRIES
    first, last = (event for event in newsroom.heard.events if "the hub" in event)
    assert "could not be told: " in first
    assert f"was not told that {TOPIC} has changed: " in last


def test_a_change_meanwhile_begins_anew(newsroom: Newsroom, pinging: Pinging) -> None:
    newsroom.publisher.serve("/hub", Reply(status=500))
    pinging.changed(OUTPUT, newsroom.clock())
    told(newsroom, pinging)
    newsroom.publisher.serve("/hub", Reply(status=202))
    pinging.changed(OUTPUT, newsroom.clock())
    assert len(told(newsroom, pinging)) == 2
    newsroom.clock.advance(hours=7)
    assert len(told(newsroom, pinging)) == 2
