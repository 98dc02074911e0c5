"""From a configuration to the files that others read, over loopback, by the code of ``run``."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from aggregator.app.polling import opened_wiring
from aggregator.config.load import load
from aggregator.config.settings import Config, OutputSettings
from aggregator.demo.play import POLLS_AT, furnish, world
from aggregator.demo.server import SampleServer
from aggregator.errors import PublishError
from aggregator.model.entries import TaggedEntry
from aggregator.model.polls import Outcome
from aggregator.publishing import channel_of, publish, tag_titles
from aggregator.query.match import find
from aggregator.query.syntax import parse
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.sweep import Sweep
from aggregator.sweeping.wiring import Wiring
from tests.empty import empty_database
from tests.output.validator import check
from tests.reading import here
from tests.scenario import Clock, Heard
from tests.starter import starter_config

ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Desk:
    """A newsroom that reads the sample publishers."""

    config: Config
    store: SqliteStore
    clock: Clock
    server: SampleServer

    def poll(self) -> list[Outcome]:
        """Poll what is due."""
        with self._wired() as wiring:
            return self._round(wiring)

    def poll_both_editions(self) -> None:
        with self._wired() as wiring:
            for self.server.edition, self.clock.at in enumerate(POLLS_AT):
                self._round(wiring)

    def _wired(self) -> AbstractContextManager[Wiring]:
        around = replace(world(self.server, self.clock), workers=here)
        return opened_wiring(self.config, around)

    def _round(self, wiring: Wiring) -> list[Outcome]:
        heard = Heard()
        self.store.subscribe(self.config.subscriptions, self.clock())
        assert Sweep(self.store, wiring, heard).round()
        return [refresh.poll.outcome for refresh in heard.refreshes]

    def search(self, query: str) -> tuple[TaggedEntry, ...]:
        return self.store.search(Search(self.clock(), parse(query)))

    def publish(self) -> dict[str, bytes]:
        """Publish all outputs; return their bytes by name."""
        for output in self.config.outputs:
            publish(self.store, self.config, output, self.clock())
        return {output.name: output.path.read_bytes() for output in self.config.outputs}


@contextmanager
def opened_desk(directory: Path, server: SampleServer, order: int = 1) -> Iterator[Desk]:
    """Open a desk with the demo's configuration, its subscriptions in that order or backwards."""
    config = load(furnish(directory))
    config = replace(config, subscriptions=config.subscriptions[::order])
    server.edition = 0
    with closing(SqliteStore(empty_database(config.database))) as store:
        yield Desk(config, store, Clock(POLLS_AT[0]), server)


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    with SampleServer() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, server: SampleServer) -> Iterator[Desk]:
    with opened_desk(tmp_path, server) as desk:
        yield desk


def output(config: Config, name: str) -> OutputSettings:
    (found,) = (each for each in config.outputs if each.name == name)
    return found


def titles(found: tuple[TaggedEntry, ...]) -> list[str]:
    return [each.entry.title for each in found]


# --- from feeds.yaml to a tagged, combined feed --------------------------------------------------


@pytest.fixture(scope="module", params=["the demo's rules", "the starter's rules"])
def ruled(
    request: pytest.FixtureRequest, server: SampleServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """A desk that has read everything, by the rules of the demo or of ``feeds.yaml``."""
    with opened_desk(tmp_path_factory.mktemp("desk"), server) as desk:
        starter = request.param == "the starter's rules"
        rules = starter_config().rules if starter else desk.config.rules
        ruled = replace(desk, config=replace(desk.config, rules=rules))
        ruled.poll_both_editions()
        yield ruled


def test_the_rabat_story_is_tagged_with_evidence_and_published(ruled: Desk) -> None:
    story = next(
        found for found in ruled.search("Rabat minister") if found.source.name == "Sahel Wire"
    )
    tags = {tag.name: tag for tag in story.tags}
    assert {"security-cooperation", "sahel", "terrorism"} <= set(tags)
    for tag in tags.values():
        assert tag.evidence
        for span in tag.evidence:
            if span.field in {"title", "summary", "content"}:
                text = getattr(story.entry, span.field)
                assert text[span.start : span.end] == span.value
    files = ruled.publish()
    assert story.entry.title.encode() in files["sahel"]
    assert story.entry.title.encode() in files["security-cooperation"]


def test_the_etoile_du_sahel_match_is_sport_and_not_the_sahel(ruled: Desk) -> None:
    matches = ruled.search('"Étoile du Sahel"')
    assert len(matches) >= 2
    for match in matches:
        names = {tag.name for tag in match.tags}
        assert "sport" in names
        assert "sahel" not in names
    assert "Étoile du Sahel".encode() not in ruled.publish()["sahel"]


def test_what_is_tagged_by_a_rule_is_what_is_found_by_it(ruled: Desk) -> None:
    everything = ruled.store.search(Search(ruled.clock()))
    assert len(everything) > 20
    for rule in ruled.config.rules:
        tagged = {found.entry.id for found in ruled.search(f"tag:{rule.name}")}
        carrying = {
            found.entry.id for found in everything if rule.name in {tag.name for tag in found.tags}
        }
        assert tagged == carrying
        if rule.query is not None and not (rule.feeds or rule.score or rule.implied_by):
            assert tagged == {
                found.entry.id for found in ruled.store.search(Search(ruled.clock(), rule.query))
            }
            assert tagged == {
                found.entry.id
                for found in everything
                if find(rule.query, found, ruled.clock()) is not None
            }


def test_a_corrected_entry_is_one_entry_with_its_former_state(desk: Desk) -> None:
    desk.poll_both_editions()
    (found,) = desk.search("migrants Agadez")
    assert found.entry.title.startswith("Correction: fourteen")
    assert found.first_seen_at == POLLS_AT[0]
    assert found.revised_at == POLLS_AT[1]
    (former,) = desk.store.revisions(found.entry.id)
    assert former.entry.title.startswith("Eleven")


def test_one_broken_feed_costs_no_other(desk: Desk) -> None:
    outcomes = desk.poll()
    assert len(outcomes) == len(desk.config.subscriptions) == 9
    assert set(outcomes) <= {Outcome.NEW, Outcome.FAILED}
    assert outcomes.count(Outcome.NEW) >= 8


def test_the_second_poll_asks_conditionally_and_stores_nothing(desk: Desk) -> None:
    desk.poll()
    before = desk.store.figures()
    desk.clock.at = POLLS_AT[1]
    assert set(desk.poll()) <= {Outcome.NOT_MODIFIED, Outcome.FAILED}
    after = desk.store.figures()
    assert (after.entries, after.revisions) == (before.entries, before.revisions)


# --- bytes ---------------------------------------------------------------------------------------


def test_nothing_is_written_when_nothing_changed(desk: Desk) -> None:
    desk.poll()
    first = desk.publish()
    stamps = {each.name: each.path.stat().st_mtime_ns for each in desk.config.outputs}
    desk.clock.at = POLLS_AT[1]
    desk.poll()
    for each in desk.config.outputs:
        published = publish(desk.store, desk.config, each, desk.clock())
        assert not published.changed
        assert published.output is each
        assert each.path.stat().st_mtime_ns == stamps[each.name]
    assert desk.publish() == first


def test_something_is_written_where_something_changed(desk: Desk) -> None:
    desk.poll()
    desk.publish()
    desk.server.edition, desk.clock.at = 1, POLLS_AT[1]
    desk.poll()
    changed = {
        each.name: publish(desk.store, desk.config, each, desk.clock()).changed
        for each in desk.config.outputs
    }
    assert changed == {"sahel": True, "security-cooperation": True, "everything": True}


def test_a_database_made_anew_publishes_the_same_bytes_whatever_was_polled_first(
    tmp_path: Path, server: SampleServer
) -> None:
    made = []
    for name, order in (("once", 1), ("again", 1), ("backwards", -1)):
        with opened_desk(tmp_path / name, server, order) as desk:
            desk.poll_both_editions()
            made.append((desk.publish(), [found.entry.id for found in desk.search("Mali")]))
    assert made[0] == made[1] == made[2]


# --- what an output is ---------------------------------------------------------------------------


def test_each_output_holds_what_its_query_finds_the_newest_first(desk: Desk) -> None:
    desk.poll_both_editions()
    files = desk.publish()
    atom = etree.fromstring(files["sahel"])
    assert [entry.findtext(f"{ATOM}title") for entry in atom.iter(f"{ATOM}entry")] == titles(
        desk.search("tag:sahel")
    )
    feed = json.loads(files["everything"])
    everything = desk.store.search(Search(desk.clock()))
    assert [item["_aggregator"]["id"] for item in feed["items"]] == [
        found.entry.id for found in everything
    ]
    arrivals = [found.arrived_at for found in everything]
    assert arrivals == sorted(arrivals, reverse=True)


def test_an_output_keeps_to_its_limit_and_says_how_many_it_holds(desk: Desk) -> None:
    desk.poll()
    short = replace(output(desk.config, "everything"), limit=3)
    published = publish(desk.store, desk.config, short, desk.clock())
    assert (published.entries, published.changed) == (3, True)
    feed = json.loads(short.path.read_bytes())
    newest = desk.store.search(Search(desk.clock(), limit=3))
    assert [item["title"] for item in feed["items"]] == titles(newest)


def test_an_output_that_finds_nothing_is_a_feed_all_the_same(desk: Desk) -> None:
    nothing = output(desk.config, "sahel")
    assert publish(desk.store, desk.config, nothing, desk.clock()).entries == 0
    assert etree.fromstring(nothing.path.read_bytes()).tag == f"{ATOM}feed"


def test_a_query_may_count_from_now(desk: Desk) -> None:
    desk.poll_both_editions()
    fresh = replace(output(desk.config, "everything"), query=parse("seen:>now-2h"))
    publish(desk.store, desk.config, fresh, desk.clock())
    found = json.loads(fresh.path.read_bytes())["items"]
    assert 0 < len(found) < desk.store.figures().entries
    publish(desk.store, desk.config, fresh, desk.clock() + timedelta(days=1))
    assert json.loads(fresh.path.read_bytes())["items"] == []


def test_validators_find_nothing_wrong_with_what_the_demo_publishes(ruled: Desk) -> None:
    files = ruled.publish()
    by_demo = ruled.config.rules == load(ruled.config.path).rules
    for each in ruled.config.outputs:
        found = check(files[each.name], location=each.url)
        assert set(found) <= (set() if by_demo else {"DuplicateUpdated"})


def test_an_output_says_who_it_is(desk: Desk) -> None:
    sahel = output(desk.config, "sahel")
    address = "https://newsroom.example/sahel.atom"
    nowhere = channel_of(desk.config, replace(sahel, url=None))
    assert nowhere.id == "urn:aggregator:output:sahel"
    channel = channel_of(desk.config, replace(sahel, url=address))
    assert (channel.id, channel.self_url) == (address, address)
    assert channel.title == "The Sahel, from every source"
    assert tag_titles(desk.config)["security-cooperation"] == "Security cooperation"


def test_an_output_that_cannot_be_written_says_so(desk: Desk, tmp_path: Path) -> None:
    in_the_way = tmp_path / "directory.atom"
    in_the_way.mkdir()
    with pytest.raises(PublishError, match=r"directory\.atom"):
        publish(
            desk.store,
            desk.config,
            replace(output(desk.config, "sahel"), path=in_the_way),
            datetime.now(tz=POLLS_AT[0].tzinfo),
        )
