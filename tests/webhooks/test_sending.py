"""Webhooks are told of what polls tag: in order, at least once, and of nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.config.settings import Config, OutputSettings, WebhookSettings
from aggregator.polling import Pace
from aggregator.query.syntax import parse
from aggregator.settling import Policy
from aggregator.tagger import Tagger
from aggregator.tagging import Rule
from aggregator.webhooks.sending import Sending
from tests.internet import Away
from tests.publisher import Reply
from tests.scenario import NO_TIME, Newsroom, rss, url

HOOK = url("/hook")
KEY = b"a secret of some length"


def rules(*names: str) -> tuple[Rule, ...]:
    return tuple(Rule(name, name, parse(name), name, "v1") for name in names)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    tagger = Tagger(rules("mali", "chad"))
    policy = Policy(tagger, Pace(floor=NO_TIME), Pace(floor=NO_TIME))
    with Newsroom(tmp_path, policy=policy) as running:
        running.publisher.serve("/hook", Reply(status=204))
        running.subscribe("/feed")
        publish(running, "Before")
        yield running


@pytest.fixture
def sending(newsroom: Newsroom) -> Sending:
    begun = Sending(newsroom.store, newsroom.heard.events.append)
    begun.begin(config(), newsroom.clock())
    return begun


def config(query: str | None = "tag:mali", *addresses: str) -> Config:
    hooks = tuple(WebhookSettings(address, KEY) for address in addresses or (HOOK,))
    output = OutputSettings(
        "mali", Path("/x.atom"), "atom", "Mali", parse(query) if query else None, webhooks=hooks
    )
    return Config(Path("/feeds.yaml"), Path("/x.db"), outputs=(output,))


def publish(newsroom: Newsroom, *titles: str) -> None:
    """Let the feed hold these items, and poll it."""
    newsroom.publisher.serve("/feed", Reply(rss(*titles)))
    newsroom.poll("/feed")
    newsroom.clock.advance(hours=1)


def told(newsroom: Newsroom, sending: Sending) -> list[str]:
    """Let all be sent that can be sent now; return the titles that came so far, in order."""
    sending.act(newsroom.sweep)
    while sending.is_away:
        newsroom.sweep.turn(1)
    return [json.loads(seen.body)["title"] for seen in newsroom.seen("/hook")]


def test_a_newly_tagged_entry_is_sent_once(newsroom: Newsroom, sending: Sending) -> None:
    publish(newsroom, "Talks in Mali", "Rain in Chad", "Nothing", "Before")
    assert told(newsroom, sending) == ["Talks in Mali"]
    assert told(newsroom, sending) == ["Talks in Mali"]
    (seen,) = newsroom.seen("/hook")
    assert seen.method == "POST"
    assert seen.values(b"content-type") == (b"application/json",)
    assert seen.values(b"webhook-signature")[0].startswith(b"v1,")


def test_what_came_before_and_by_a_first_poll_is_never_sent(
    newsroom: Newsroom, sending: Sending
) -> None:
    newsroom.subscribe("/feed", "/other")
    newsroom.publisher.serve("/other", Reply(rss("Mali by a first poll")))
    newsroom.poll("/other")
    assert told(newsroom, sending) == []


def test_tags_of_a_retag_are_never_sent(newsroom: Newsroom, sending: Sending) -> None:
    publish(newsroom, "Rain in Chad", "Before")
    with newsroom.store.database.writing():
        newsroom.store.database.execute(
            "INSERT INTO entry_tag (entry, tag, rule_version, added, cause)"
            " SELECT number, ?, 'v1', 'now', 'retag' FROM entry",
            ("mali",),
        )
    assert told(newsroom, sending) == []


def test_they_come_in_the_order_in_which_they_were_tagged(
    newsroom: Newsroom, sending: Sending
) -> None:
    publish(newsroom, "Mali one", "Before")
    publish(newsroom, "Mali two", "Mali one", "Before")
    publish(newsroom, "Mali three", "Mali two", "Mali one", "Before")
    assert told(newsroom, sending) == ["Mali one", "Mali two", "Mali three"]


def test_what_is_not_taken_is_tried_again_later_and_later_and_holds_up_the_rest(
    newsroom: Newsroom, sending: Sending
) -> None:
    newsroom.publisher.serve("/hook", Reply(status=500))
    publish(newsroom, "Mali one", "Before")
    publish(newsroom, "Mali two", "Mali one", "Before")
    assert told(newsroom, sending) == ["Mali one"]
    assert told(newsroom, sending) == ["Mali one"]
    newsroom.clock.advance(minutes=1)
    assert told(newsroom, sending) == ["Mali one"] * 2
    newsroom.clock.advance(minutes=1)
    assert told(newsroom, sending) == ["Mali one"] * 2
    newsroom.publisher.serve("/hook", Reply(status=200))
    newsroom.clock.advance(minutes=1)
    assert told(newsroom, sending) == [*["Mali one"] * 3, "Mali two"]
    ids = [seen.values(b"webhook-id") for seen in newsroom.seen("/hook")]
    assert len(set(ids)) == 2
    (event,) = (each for each in newsroom.heard.events if "webhook" in each)
    assert "HTTP 500" in event


def test_another_process_goes_on_where_this_one_ended(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/hook", Reply(status=503))
    first = Sending(newsroom.store, print)
    first.begin(config(), newsroom.clock())
    publish(newsroom, "Mali one", "Before")
    told(newsroom, first)
    newsroom.publisher.serve("/hook", Reply(status=200))
    newsroom.clock.advance(hours=7)
    second = Sending(newsroom.store, print)
    second.begin(config(), newsroom.clock())
    assert told(newsroom, second) == ["Mali one"] * 2
    assert told(newsroom, second) == ["Mali one"] * 2


def test_an_entry_that_a_poll_tags_again_is_not_sent_again(
    newsroom: Newsroom, sending: Sending
) -> None:
    publish(newsroom, "Talks in Mali", "Before")
    told(newsroom, sending)
    changed = rss("Talks in Mali", "Before").replace(b"<title>Talks in Mali", b"<title>Mali, Chad")
    newsroom.publisher.serve("/feed", Reply(changed))
    newsroom.poll("/feed")
    assert len(told(newsroom, sending)) == 1


def test_each_webhook_is_told_by_itself(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/broken", Reply(status=500))
    both = Sending(newsroom.store, newsroom.heard.events.append)
    both.begin(config(None, url("/broken"), HOOK), newsroom.clock())
    publish(newsroom, "Mali one", "Before")
    publish(newsroom, "Rain in Chad", "Mali one", "Before")
    assert told(newsroom, both) == ["Mali one", "Rain in Chad"]
    assert len(newsroom.seen("/broken")) == 1


def test_one_that_is_no_longer_configured_is_forgotten(
    newsroom: Newsroom, sending: Sending
) -> None:
    publish(newsroom, "Mali one", "Before")
    sending.begin(config("tag:mali", url("/elsewhere")), newsroom.clock())
    assert told(newsroom, sending) == []
    assert [each.name for each in newsroom.store.webhooks()] == [f"mali {url('/elsewhere')}"]


def test_no_letter_leads_home(newsroom: Newsroom) -> None:
    home = Sending(newsroom.store, newsroom.heard.events.append)
    home.begin(config("tag:mali", "http://10.0.0.1/", "http://me.internal/"), newsroom.clock())
    publish(newsroom, "Mali one", "Before")
    told(newsroom, home)
    refused = [event for event in newsroom.heard.events if "could not be told" in event]
    assert len(refused) == 2
    assert all(each.failures == 1 for each in newsroom.store.webhooks())


def test_while_our_own_network_is_away_nobody_is_told_and_nothing_counts_as_failed(
    newsroom: Newsroom, sending: Sending
) -> None:
    hosts = [f"http://{name}.example/feed" for name in ("a", "b", "c", "d", "e")]
    newsroom.subscribe("/feed", *hosts)
    newsroom.poll(*hosts)
    publish(newsroom, "Mali one", "Before")
    newsroom.internet.go_away(Away.NAMES)
    newsroom.poll(*hosts)
    assert newsroom.sweep.network_is_away
    assert told(newsroom, sending) == []
    assert [each.failures for each in newsroom.store.webhooks()] == [0]
