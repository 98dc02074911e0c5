"""What a configuration is wired to."""

import multiprocessing
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.app.polling import World, opened_sweep, policy
from aggregator.app.scouting import opened_scout
from aggregator.app.store import opened_store, utc_now
from aggregator.config.settings import Config, PollSettings
from aggregator.errors import FetchError, NewerDatabaseError
from aggregator.fetch.guard import Address
from aggregator.fetch.strict import StrictHosts
from aggregator.model.feeds import Pause
from aggregator.model.fetching import Hop, Strict
from aggregator.model.polls import Asked, Outcome
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, refresh, subscription
from tests.scenario import PUBLIC, Clock, Heard, rss

NO_TIME = timedelta(0)
HOUR = timedelta(hours=1)


def config(directory: Path, **settings: object) -> Config:
    poll = PollSettings(**settings)  # type: ignore[arg-type]
    return Config(directory / "feeds.yaml", directory / "aggregator.db", poll)


@pytest.mark.parametrize(
    ("floor", "public", "own"),
    [(None, HOUR, NO_TIME), (3 * HOUR, 3 * HOUR, 3 * HOUR), (NO_TIME, NO_TIME, NO_TIME)],
)
def test_nothing_is_owed_at_home_unless_the_configuration_says_so(
    tmp_path: Path, floor: timedelta | None, public: timedelta, own: timedelta
) -> None:
    decided = policy(config(tmp_path, floor=floor, max_interval=5 * HOUR))
    assert decided.pace_of(admitted=False).floor == public
    assert decided.pace_of(admitted=True).floor == own
    assert decided.pace.max_interval == decided.own_pace.max_interval == 5 * HOUR


def test_a_wired_sweep_reads_in_no_more_worker_processes_than_there_are_documents(
    tmp_path: Path,
) -> None:
    (tmp_path / "feed.xml").write_bytes(rss("Talks resume"))
    heard, world, before = Heard(), World(clock=lambda: NOW), set(multiprocessing.active_children())
    with opened_store(tmp_path / "aggregator.db") as store:
        store.subscribe([subscription("feed.xml", location=(tmp_path / "feed.xml").as_uri())], NOW)
        with opened_sweep(config(tmp_path), store, heard, world, documents=1) as sweep:
            assert sweep.round()
            assert len(set(multiprocessing.active_children()) - before) == 1
        (found,) = store.search(Search(NOW))
    assert [refresh.poll.outcome for refresh in heard.refreshes] == [Outcome.NEW]
    assert found.entry.title == "Talks resume"


def test_a_host_that_wanted_https_is_asked_by_nothing_else_after_a_restart(tmp_path: Path) -> None:
    ports: list[int] = []

    def dial(
        addresses: Sequence[Address], port: int, seconds: float
    ) -> tuple[socket.socket, Address]:
        ports.append(port)
        raise ConnectionRefusedError(111, "nobody is there")

    world = World(clock=lambda: NOW, resolve=lambda _: (PUBLIC,), dial=dial)
    forgetful = replace(world, strict=StrictHosts())
    with opened_store(tmp_path / "aggregator.db") as store:
        store.subscribe([subscription("http://feeds.example/a")], NOW)
        hop = Hop(
            "https://feeds.example/a", NOW - HOUR, 0.1, strict=Strict("feeds.example", NOW + HOUR)
        )
        (state,) = store.claim(NOW, 1, lease=HOUR)
        store.apply([refresh(state, asked=(Asked(hop, "poll", ""),), due_at=NOW)])
        with opened_sweep(config(tmp_path), store, Heard(), world, documents=1) as sweep:
            assert sweep.round()
        hasty = PollSettings(host_gap=NO_TIME)
        with opened_scout(hasty, tmp_path / "aggregator.db", forgetful) as (scout, _):
            assert ports == [443]
            with pytest.raises(FetchError):
                scout.look("http://feeds.example/b")
    assert set(ports) == {443}


def test_row_30_who_looks_for_feeds_leaves_a_site_alone_that_polls_leave_alone(
    tmp_path: Path,
) -> None:
    path, asked = tmp_path / "aggregator.db", list[str]()
    clock, waits = Clock(NOW), list[float]()

    def resolve(host: str) -> tuple[Address, ...]:
        asked.append(host)
        raise OSError("nobody knows it")

    def pause(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds=seconds)

    away = Pause("feeds.example", NOW + HOUR, "its site has had too many requests from us")
    with opened_store(path) as store:
        store.subscribe([subscription("http://www.feeds.example/a")], NOW)
        (state,) = store.claim(NOW, 1, lease=HOUR)
        store.apply([refresh(state, pause=away)])
        other = Hop("http://other.example/", NOW, 3.0)
        store.record([Asked(other, "discovery", "")])
    world = World(clock=clock, resolve=resolve)
    with opened_scout(PollSettings(), path, world, pause) as (scout, _):
        with pytest.raises(FetchError, match=r"is not asked before 2026-03-02 13:00 UTC: its site"):
            scout.look("http://new.feeds.example/b")
        assert asked == []
        # The turns of hosts are those of every process, too: twice as long as the last took.
        with pytest.raises(FetchError):
            scout.look("http://other.example/b")
    assert (asked, waits) == (["other.example"], [6.0])


def test_what_a_worker_process_imports_again_is_not_the_command_line() -> None:
    imported = "import sys, aggregator.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", imported], check=True, stdout=subprocess.PIPE)
    modules = done.stdout.decode().split()
    assert "aggregator.__main__" in modules
    assert not [name for name in modules if name.startswith("aggregator.cli")]


def test_a_sweep_that_ends_early_gives_back_what_it_claimed(tmp_path: Path) -> None:
    with opened_store(tmp_path / "aggregator.db") as store:
        store.subscribe([subscription("http://192.0.2.1/feed")], NOW)
        with opened_sweep(config(tmp_path), store, Heard(), World(clock=lambda: NOW)) as sweep:
            sweep.claim_due()
            assert sweep.busy
        assert not sweep.busy
        assert store.next_due_at() == NOW


def test_a_store_is_closed_whatever_happens(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    with pytest.raises(ZeroDivisionError), opened_store(path):
        raise ZeroDivisionError
    assert not path.with_name("aggregator.db-wal").exists()
    with closing(SqliteStore(path)) as store, store.database.writing():
        store.database.execute("INSERT INTO _sqlite_migrations VALUES (99, 'aggregator', '9', '')")
    with pytest.raises(NewerDatabaseError), opened_store(path):
        pass


def test_the_clock_is_in_utc() -> None:
    assert utc_now().utcoffset() == NO_TIME
