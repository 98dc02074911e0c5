"""The daemon: at work on a scripted publisher, told what to do by signals and edited files.

It runs in the test's own main thread, which is where Python hears signals. A test is a script:
whenever the daemon tells its journal what a step waits for, the step acts, on that very thread.
"""

import json
import multiprocessing
import os
import re
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path

import pytest

from aggregator.app.polling import Runs, World, workers_for
from aggregator.app.store import opened_store, utc_now
from aggregator.config.following import ConfigFile
from aggregator.config.settings import Config
from aggregator.daemon import Daemon, run
from aggregator.errors import ConfigError, StoreError, StoreFullError
from aggregator.fetch.guard import Address
from aggregator.model.entries import TaggedEntry
from aggregator.model.feeds import FeedState, Subscription
from aggregator.model.polls import Refresh
from aggregator.publishing import Published
from aggregator.store.base import Search
from aggregator.store.lock import DaemonLock
from aggregator.store.sqlite import SqliteStore
from tests.cli.command import command
from tests.cli.newsroom import POLL, TAGS, feed, newsroom
from tests.internet import Away, Internet
from tests.publisher import HANG, Publisher, Reply, Seen
from tests.reading import here

TICK = timedelta(milliseconds=50)

PATIENCE = 30.0
"""Seconds after which a daemon that is never told to stop is, and its test fails."""

CERTIFICATES = Path(__file__).parent / "data" / "tls"

OUTPUTS = """\
outputs:
  - {path: sahel.atom, query: "tag:sahel"}
"""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


class Clock:
    """The real clock, which a test may put forward."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self._ahead

    def advance(self, **time: float) -> None:
        self._ahead += timedelta(**time)


Step = tuple[str, Callable[[], object]]


class Script:
    """A journal whose every step waits for a line, and then acts."""

    def __init__(self, *steps: Step) -> None:
        self.heard: list[str] = []
        self.left_over = deque(steps)

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        poll = refresh.poll
        name = refresh.feed.title if refresh.feed else state.name
        self._hear(f"polled {name}: {poll.outcome}, {poll.new} new, {poll.changed} changed")

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        self._hear(f"left {state.name}")

    def published(self, published: Published) -> None:
        self._hear(f"published {published.output.name}: {published.entries}")

    def told(self, event: str) -> None:
        self._hear(event)

    def failed(self, error: Exception) -> None:
        self._hear(f"failed: {error}")

    def _hear(self, line: str) -> None:
        self.heard.append(line)
        if self.left_over and re.search(self.left_over[0][0], line):
            self.left_over.popleft()[1]()

    def count(self, pattern: str) -> int:
        return sum(bool(re.search(pattern, line)) for line in self.heard)


def send(number: signal.Signals) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


STOP = send(signal.SIGTERM)


def play(
    config: Path,
    *steps: Step,
    clock: Clock | None = None,
    workers: Callable[[int], AbstractContextManager[Runs]] = here,
) -> Script:
    """Run the daemon until it stops, which some step must see to; return what it told."""
    script = Script(*steps)
    with _watched(script):
        run(config, None, script, World(clock=clock or utc_now, workers=workers), TICK)
    return script


@contextmanager
def _watched(script: Script) -> Iterator[None]:
    """Stop a daemon that runs for too long; afterwards nothing of it may be left."""
    threads, processes = set(threading.enumerate()), set(multiprocessing.active_children())
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    tired = threading.Event()
    watchdog = threading.Timer(PATIENCE, both(tired.set, STOP))
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
    assert not tired.is_set(), script.heard
    assert not script.left_over, script.heard
    for thread in set(threading.enumerate()) - threads:
        if thread.name != "publisher":
            thread.join(5)
            assert not thread.is_alive(), thread
    assert set(multiprocessing.active_children()) <= processes
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == handlers


def entries(config: Path) -> dict[str, TaggedEntry]:
    with opened_store(config.parent / "aggregator.db") as store:
        return {found.entry.title: found for found in store.search(Search(now=utc_now()))}


def tags(entry: TaggedEntry) -> list[str]:
    return [tag.name for tag in entry.tags]


def edit(config: Path, old: str, new: str) -> Callable[[], None]:
    def act() -> None:
        before = config.read_text(encoding="utf-8")
        assert old in before
        config.write_text(before.replace(old, new), encoding="utf-8")

    return act


def both(*acts: Callable[[], object]) -> Callable[[], None]:
    def act() -> None:
        for each in acts:
            each()

    return act


# --- polling and publishing ------------------------------------------------------------------


def test_what_counts_from_now_is_published_anew_although_nothing_came(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"))
    outputs = 'outputs:\n  - {path: recent.atom, query: "seen:>now-1d"}\n'
    clock = Clock()
    script = play(
        newsroom(tmp_path, publisher, "/wire", more=outputs),
        ("published recent: 1", lambda: clock.advance(days=2)),
        ("published recent: 0", STOP),
        clock=clock,
    )
    assert script.count("new, 1 new") == 1


def test_it_keeps_to_the_budget(tmp_path: Path, publisher: Publisher) -> None:
    config, clock = newsroom(tmp_path, publisher, more="outputs: [{path: b.atom}]\n"), Clock()
    edit(config, "poll: {", "poll: {budget: 1000, ")()
    play(
        config,
        ("^polling 0 feeds", lambda: clock.advance(minutes=11)),
        ("^published b: 0", STOP),
        clock=clock,
    )
    with opened_store(tmp_path / "aggregator.db") as store:
        assert store.kappa() == timedelta(hours=2, minutes=24)


def test_it_polls_what_is_due_and_publishes_what_changed(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve(
        "/wire",
        feed("Wire", "Talks in Mali", "Talks in Oslo"),
        feed("Wire", "Talks in Mali", "Talks in Oslo", "Talks in Rome"),
        feed("Wire", "Talks in Mali", "Talks in Oslo", "Talks in Rome", "Mali votes"),
    )
    config = newsroom(tmp_path, publisher, "/wire", more=TAGS + OUTPUTS)
    output, clock = tmp_path / "sahel.atom", Clock()
    kept: list[os.stat_result] = []

    def keep() -> None:
        kept.append(output.stat())
        clock.advance(days=2)

    script = play(
        config,
        ("published sahel: 1", keep),
        ("polled Wire: new, 1 new", keep),
        ("polled Wire: new, 1 new", STOP),
        clock=clock,
    )
    assert b"Mali votes" in output.read_bytes()
    # The entry of the second poll is not in the output, whose file was left alone.
    assert [line for line in script.heard if line.startswith("published")] == [
        "published sahel: 0",
        "published sahel: 1",
        "published sahel: 2",
    ]
    first, second = kept
    assert (first.st_ino, first.st_mtime_ns) == (second.st_ino, second.st_mtime_ns)
    assert script.heard[0] == "polling 1 feed"
    assert script.heard[-1] == "stopped"
    assert script.count("^failed") == 0


def test_it_tells_webhooks_of_what_polls_have_newly_tagged(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve(
        "/wire",
        feed("Wire", "Talks in Mali", "Talks in Oslo"),
        feed("Wire", "Talks in Mali", "Talks in Oslo", "Talks in Rome", "Mali votes"),
    )

    def take(_seen: Seen) -> Reply:
        STOP()
        return Reply(status=204)

    publisher.serve("/desk", take)
    hooks = f"[{{url: {publisher.url('/desk')}, secret: a secret of some length}}]"
    told = OUTPUTS.replace("}", f", webhooks: {hooks}}}")
    config, clock = newsroom(tmp_path, publisher, "/wire", more=TAGS + told), Clock()
    play(config, ("published sahel: 1", lambda: clock.advance(days=2)), clock=clock)
    (seen,) = publisher.seen("/desk")
    assert json.loads(seen.body)["title"] == "Mali votes"


def test_it_tells_the_hub_of_an_output_that_has_changed(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"))

    def take(_seen: Seen) -> Reply:
        STOP()
        return Reply(status=204)

    publisher.serve("/hub", take)
    told = f", url: https://newsroom.example/sahel.atom, hub: {publisher.url('/hub')}}}"
    config = newsroom(tmp_path, publisher, "/wire", more=TAGS + OUTPUTS.replace("}", told))
    play(config, ("published sahel", lambda: None))
    (seen,) = publisher.seen("/hub")
    assert seen.body == (b"hub.mode=publish&hub.url=https%3A%2F%2Fnewsroom.example%2Fsahel.atom")


BLOCKED = "outputs: [{path: blocked/a.atom}, {path: b.atom}]\n"


def test_an_output_that_cannot_be_written_holds_up_no_other_and_is_told_once(
    tmp_path: Path, publisher: Publisher
) -> None:
    config = newsroom(tmp_path, publisher, more=BLOCKED)
    (tmp_path / "blocked").write_text("a file where a directory must be")
    # It is tried once more before the stop, and fails in the same words.
    script = play(
        config, ("^failed: Cannot write .*a.atom", lambda: None), ("published b: 0", STOP)
    )
    assert script.count("^failed: Cannot write") == 1


def test_an_output_that_could_not_be_written_is_tried_again(
    tmp_path: Path, publisher: Publisher
) -> None:
    config = newsroom(tmp_path, publisher, "/missing", more=BLOCKED)
    obstacle, clock = tmp_path / "blocked", Clock()
    obstacle.write_text("a file where a directory must be")
    make_room = both(obstacle.unlink, lambda: clock.advance(minutes=2))
    # The first poll ends after the first attempt to publish.
    play(config, ("polled Missing", make_room), ("published a: 0", STOP), clock=clock)
    assert (obstacle / "a.atom").exists()


# --- the network away ------------------------------------------------------------------------


class Hurried(Clock):
    """A clock on which, between `hurry` and `walk`, a real second is ten minutes."""

    def __init__(self) -> None:
        super().__init__()
        self._since = utc_now()
        self._speed = 0

    def __call__(self) -> datetime:
        return super().__call__() + self._speed * (utc_now() - self._since)

    def hurry(self) -> None:
        self._since, self._speed = utc_now(), 600

    def walk(self) -> None:
        self._ahead += self._speed * (utc_now() - self._since)
        self._speed = 0


class Returning(Internet):
    """A network that is back after so many look-ups have failed."""

    failures = 0

    def resolve(self, host: str) -> tuple[Address, ...]:
        try:
            return super().resolve(host)
        except OSError:
            self.failures -= 1
            if not self.failures:
                self.come_back()
            raise


def test_row_40_it_outlives_an_outage_of_our_network_and_no_feed_is_penalised(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/feed", feed("Wire", "Talks in Mali"), feed("Wire", "Mali votes"))
    feeds = "".join(f"  - {{url: http://{name}.example/feed, name: {name}}}\n" for name in "abcde")
    config, clock = tmp_path / "feeds.yaml", Hurried()
    config.write_text(f"{POLL}feeds:\n{feeds}")
    internet = Returning(lambda _: (ip_address("93.184.216.34"),), publisher.port)

    def let_it_be_back_at_the_third_probe() -> None:
        internet.failures = 10
        clock.hurry()

    cut_off = both(partial(internet.go_away, Away.NAMES), lambda: clock.advance(days=8))
    polled: Step = ("polled .*: ", lambda: None)
    script = Script(
        *[polled] * 4,
        ("polled", cut_off),
        ("the network is away", let_it_be_back_at_the_third_probe),
        ("the network is back after", clock.walk),
        *[polled] * 4,
        ("polled", STOP),
    )
    world = World(clock, internet.resolve, internet.dial, internet.route, workers=here)
    with _watched(script):
        run(config, None, script, world, TICK)
    assert len(publisher.seen()) == 10
    with opened_store(tmp_path / "aggregator.db") as store:
        health = store.feeds()
        assert [poll.error_code for one in health for poll in store.polls(one.key, 9)] == [
            None
        ] * 10
    assert [feed.rhythm.failures for feed in health] == [0] * 5
    assert script.count("network") == 2


# --- stopping --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_poll_under_way_may_end_before_it_stops(
    tmp_path: Path, publisher: Publisher, number: signal.Signals
) -> None:
    stopping = threading.Event()

    def answer(_: Seen) -> Reply:
        os.kill(os.getpid(), number)
        assert stopping.wait(PATIENCE)
        return feed("Wire", "Talks in Mali")

    publisher.serve("/wire", answer)
    config = newsroom(tmp_path, publisher, "/wire", more=TAGS + OUTPUTS)
    script = play(config, ("stopping", stopping.set), workers=workers_for)
    assert script.heard == [
        "polling 1 feed",
        "published sahel: 0",
        "stopping: polls under way may end",
        "polled Wire: new, 1 new, 0 changed",
        "published sahel: 1",
        "stopped",
    ]
    assert tags(entries(config)["Talks in Mali"]) == ["sahel"]


def test_a_second_ctrl_c_ends_the_wait_and_what_was_under_way_is_still_due(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/slow", HANG)
    config = newsroom(tmp_path, publisher, "/slow", more=OUTPUTS.replace("tag:sahel", "Mali"))

    def interrupt() -> None:
        publisher.wait_for(1)
        send(signal.SIGINT)()

    began = time.monotonic()
    script = play(config, ("published", interrupt), ("stopping", send(signal.SIGINT)))
    assert time.monotonic() - began < 8  # the grace alone is ten seconds
    assert script.heard[-1] == "stopped"
    assert script.count("polled") == 0
    with opened_store(tmp_path / "aggregator.db") as store:
        assert store.figures().polls == 0
        assert len(store.claim(utc_now(), 1, lease=timedelta(minutes=5))) == 1


# --- following the configuration -------------------------------------------------------------


@pytest.mark.parametrize("asked", [True, False], ids=["SIGHUP", "edit"])
def test_it_follows_an_edited_configuration(
    tmp_path: Path, publisher: Publisher, *, asked: bool
) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"))
    publisher.serve("/other", feed("Other", "Oslo votes"))
    config = newsroom(tmp_path, publisher, "/wire")
    more = both(
        edit(config, "tags:\n", f"  - url: {publisher.url('/other')}\ntags:\n"),
        edit(config, "Sahel OR Mali", "Oslo"),
        edit(config, "match: [Talks in Mali]", "match: [Talks in Oslo]"),
        edit(config, "no_match: [Talks in Oslo]", "no_match: [Talks in Mali]"),
        send(signal.SIGHUP) if asked else lambda: None,
    )
    script = play(config, ("polled Wire", more), ("polled Other", STOP))
    # A tick may see the edit before the signal comes, which is obeyed all the same.
    assert script.count("read again: 2 feeds") in ((1, 2) if asked else (1,))
    found = entries(config)
    assert tags(found["Talks in Mali"]) == ["sahel"]
    assert tags(found["Oslo votes"]) == ["sahel"]
    assert len(publisher.seen("/wire")) == 1


TEN = tuple(f"Talks in Mali {number}" for number in range(10))


def test_a_changed_rule_of_which_little_moves_is_applied_to_what_is_stored(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", *TEN, "Oslo votes"))
    config = newsroom(tmp_path, publisher, "/wire", more=TAGS + OUTPUTS)
    widen = both(
        edit(config, "Sahel OR Mali", "Mali OR Oslo"),
        edit(config, "      no_match: [Talks in Oslo]\n", ""),
    )
    script = play(
        config,
        ("published sahel: 10", widen),
        (r"retagged sahel, .*: \+1 −0 ~0 of 10", lambda: None),
        ("published sahel: 11", STOP),
    )
    assert script.count("aggregator retag") == 0
    assert tags(entries(config)["Oslo votes"]) == ["sahel"]


def test_a_new_tag_is_for_new_entries_until_somebody_retags(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", *TEN), feed("Wire", "Votes in Mali"))
    config, clock = newsroom(tmp_path, publisher, "/wire"), Clock()
    said = []

    def look() -> None:
        said.append(command("--config", config, "tags").errors)
        clock.advance(days=2)

    def apply() -> None:
        said.append(command("--config", config, "retag").output)
        STOP()

    script = play(
        config,
        ("polled Wire", edit(config, "tags:\n", "tags:\n  mali: {query: Mali}\n")),
        (r"changed .*\(mali\): `aggregator retag --dry-run`", look),
        ("polled Wire: new, 1 new", apply),
        clock=clock,
    )
    assert script.count("aggregator retag") == 1
    assert "(mali): `aggregator retag --dry-run`" in said[0]
    assert "mali: +10 −0 ~0 of 1\n" in said[1]
    assert {name for found in entries(config).values() for name in tags(found)} == {"mali", "sahel"}


def test_changed_poll_settings_make_new_connections_and_end_the_old_workers(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"), feed("Wire", "Mali votes"))
    config, clock = newsroom(tmp_path, publisher, "/wire"), Clock()
    elder, before = set[int](), {child.pid for child in multiprocessing.active_children()}

    def settle_in() -> None:
        elder.update(child.pid or 0 for child in multiprocessing.active_children())
        edit(config, "poll: {", "poll: {contact: https://us.example/, ")()

    def check() -> None:
        assert not (elder - before) & {child.pid for child in multiprocessing.active_children()}
        clock.advance(days=2)

    play(
        config,
        ("polled Wire", settle_in),
        ("read again: 1 feed", check),
        ("polled Wire: new", STOP),
        clock=clock,
        workers=workers_for,
    )
    assert elder - before
    agents = [seen.values(b"user-agent")[0] for seen in publisher.seen("/wire")]
    assert [b"us.example" in agent for agent in agents] == [False, True]


def test_a_bad_edit_is_told_once_and_the_last_good_configuration_stays(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", Reply(status=404))
    config, clock = newsroom(tmp_path, publisher, "/wire"), Clock()
    included = tmp_path / "more.yaml"

    def spoil() -> None:
        included.write_text("tags: {oslo: {query: '(Oslo'}}\n")
        edit(config, "feeds:", "include: [more.yaml]\nfeeds:")()

    script = play(
        config,
        ("polled Wire", spoil),
        ("failed: .*more.yaml:1:", lambda: clock.advance(days=2)),
        # The old feed is polled after the mistake, and only then the mistake is mended, in a
        # file that the last good configuration does not know.
        ("polled Wire", lambda: included.write_text("tags: {oslo: {query: Oslo}}\n")),
        ("read again", STOP),
        clock=clock,
    )
    assert script.count("^failed") == 1
    assert script.count("the last good one stays in use") == 1


def test_asked_to_read_it_again_it_says_so_even_if_nothing_changed(
    tmp_path: Path, publisher: Publisher
) -> None:
    config = newsroom(tmp_path, publisher, more=OUTPUTS.replace("tag:sahel", "Mali"))
    script = play(config, ("polling 0 feeds", send(signal.SIGHUP)), ("read again", STOP))
    assert script.count("read again: 0 feeds") == 1


def test_what_it_writes_beside_its_configuration_is_no_edit(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"), feed("Wire", "Mali votes"))
    more = "include: ['[t]ags.yaml']\n" + OUTPUTS.replace("tag:sahel", "Mali")
    config, clock = newsroom(tmp_path, publisher, "/wire", more=more), Clock()
    (tmp_path / "tags.yaml").write_text(TAGS)
    script = play(
        config,
        ("published sahel: 1", lambda: clock.advance(days=2)),
        ("published sahel: 2", STOP),
        clock=clock,
    )
    assert script.count("read again") == 0


# --- beside others ---------------------------------------------------------------------------


def test_a_second_daemon_on_its_database_is_refused_in_one_sentence(
    tmp_path: Path, publisher: Publisher
) -> None:
    config = newsroom(tmp_path, publisher, more="")
    said = []

    def start_another() -> None:
        said.append(command("--config", config, "run"))
        STOP()

    play(config, ("polling 0 feeds", start_another))
    (second,) = said
    assert (second.output, second.status) == ("", 1)
    assert second.errors == (
        f"aggregator: Another daemon (process {os.getpid()}) already works on"
        f" {tmp_path / 'aggregator.db'}. Stop it first, or use another database.\n"
    )
    with DaemonLock(tmp_path / "aggregator.db"):
        pass  # the first has given it up


def test_a_poll_by_hand_beside_it_is_fine(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"), feed("Wire", "Mali votes"))
    config = newsroom(tmp_path, publisher, "/wire")
    said = []

    def poll_by_hand() -> None:
        said.append(command("--config", config, "poll", "--all"))
        STOP()

    play(config, ("polled Wire", poll_by_hand))
    assert [(by_hand.status, by_hand.errors) for by_hand in said] == [(0, "")]
    assert set(entries(config)) == {"Talks in Mali", "Mali votes"}
    assert len(publisher.seen("/wire")) == 2


# --- a disk that is full ---------------------------------------------------------------------


class CrowdedStore(SqliteStore):
    """A store whose disk is full for its next so many commits of polls."""

    def __init__(self, path: Path, clock: Clock, full: int) -> None:
        super().__init__(path)
        self._clock = clock
        self._full = full

    def apply(self, refreshes: Sequence[Refresh]) -> tuple[str, ...]:
        if not refreshes or not self._full:
            return super().apply(refreshes)
        self._full -= 1
        self._clock.advance(minutes=6)  # until the lease has run out
        pages = self.database.value("PRAGMA page_count")
        self.database.value(f"PRAGMA max_page_count = {pages}")
        try:
            return super().apply(refreshes)
        finally:
            self.database.value("PRAGMA max_page_count = 1000000")


def test_a_full_disk_does_not_end_it_and_is_told_once(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/wire", feed("Wire", *(f"{number} {'news ' * 500}" for number in range(20))))
    config, clock = newsroom(tmp_path, publisher, "/wire"), Clock()
    file, script = ConfigFile(config), Script(("polled Wire: new, 20 new", STOP))
    with (
        closing(CrowdedStore(tmp_path / "aggregator.db", clock, full=2)) as store,
        _watched(script),
    ):
        Daemon(
            file,
            file.load(),
            store,
            tmp_path / "aggregator.db",
            script,
            World(clock=clock, workers=here),
        ).run(TICK)
    assert len(publisher.seen("/wire")) == 3
    assert script.count("^failed") == 1
    assert script.count("the disk is full. Free some space; what was committed is safe") == 1
    assert len(entries(config)) == 20


class RefusingStore(SqliteStore):
    """A store that cannot follow the first change of the configuration."""

    refused = -1

    def subscribe(self, subscriptions: Sequence[Subscription], now: datetime) -> None:
        self.refused += 1
        if self.refused == 1:
            raise StoreFullError("There is no room for that.")
        super().subscribe(subscriptions, now)


def test_a_configuration_that_the_store_could_not_take_is_taken_later(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", Reply(status=404))
    config = newsroom(tmp_path, publisher, more="")
    add = edit(config, "feeds: []", f"feeds: [{{url: {publisher.url('/wire')}}}]")
    file, script = ConfigFile(config), Script(("polling", add), ("polled", STOP))
    with closing(RefusingStore(tmp_path / "aggregator.db")) as store, _watched(script):
        Daemon(
            file, file.load(), store, tmp_path / "aggregator.db", script, World(workers=here)
        ).run(TICK)
    assert script.heard[1:3] == [
        "failed: There is no room for that.",
        "the configuration was read again: 1 feed",
    ]


class VanishingBundle(ConfigFile):
    """A configuration whose file of authorities is gone just after it was checked."""

    def load(self) -> Config:
        config = super().load()
        if config.poll.ca_bundle:
            config.poll.ca_bundle.unlink()
        return config


def test_where_the_new_way_out_cannot_be_opened_it_goes_on_polling_by_the_old_one(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"), feed("Wire", "Mali votes"))
    config, clock = newsroom(tmp_path, publisher, "/wire"), Clock()
    (tmp_path / "bundle.pem").write_bytes((CERTIFICATES / "authority.pem").read_bytes())
    file = VanishingBundle(config)
    script = Script(
        ("polled Wire: new", edit(config, "poll: {", "poll: {ca_bundle: bundle.pem, ")),
        ("failed: poll.ca_bundle, .*bundle.pem, cannot be used", lambda: clock.advance(days=2)),
        ("polled Wire: new", STOP),
    )
    with closing(SqliteStore(tmp_path / "aggregator.db")) as store, _watched(script):
        Daemon(
            file, file.load(), store, tmp_path / "aggregator.db", script, World(clock=clock)
        ).run(TICK)


# --- nothing to do ---------------------------------------------------------------------------


def test_while_nothing_is_due_it_writes_nothing_and_waits_for_no_other_writer(
    tmp_path: Path, publisher: Publisher
) -> None:
    config = newsroom(tmp_path, publisher, more="")
    began: list[str] = []
    at_work = threading.Event()

    def hear(statement: str) -> None:
        if at_work.is_set() and statement.startswith("BEGIN"):
            began.append(statement)
            if len(began) == 2:
                STOP()

    file, script = ConfigFile(config), Script(("polling 0 feeds", at_work.set))
    with closing(SqliteStore(tmp_path / "aggregator.db", tracer=hear)) as store, _watched(script):
        Daemon(
            file, file.load(), store, tmp_path / "aggregator.db", script, World(workers=here)
        ).run(TICK)
    assert set(began) == {"BEGIN"}


# --- what keeps it from starting -------------------------------------------------------------


def test_it_does_not_start_on_a_configuration_with_mistakes(tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text(f"{POLL}fedes: []\n")
    script = Script()
    with pytest.raises(ConfigError, match="did you mean `feeds`"):
        run(config, None, script)
    assert not script.heard
    assert not (tmp_path / "aggregator.db").exists()


def test_it_does_not_start_on_what_is_no_database(tmp_path: Path, publisher: Publisher) -> None:
    config = newsroom(tmp_path, publisher)
    other = tmp_path / "other.txt"
    other.write_text("not a database at all\n" * 100)
    with pytest.raises(StoreError, match=r"other\.txt is not a database"):
        run(config, other, Script())
