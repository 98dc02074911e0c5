"""``poll`` is one round: what came of every feed is said, and a failing one ends nothing."""

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from aggregator.app.store import opened_store, utc_now
from aggregator.cli.progress import Tally
from aggregator.cli.summary import Round, report, shown
from aggregator.model.entries import TaggedEntry
from aggregator.store.base import Search
from aggregator.sweeping.sweep import Sweep
from tests.builders import NOW
from tests.cli.command import command
from tests.cli.newsroom import POLL, feed, newsroom, page
from tests.internet import Away
from tests.publisher import HANG, Publisher, Reply
from tests.scenario import Newsroom


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def entries(path: Path) -> tuple[TaggedEntry, ...]:
    with opened_store(path.parent / "aggregator.db") as store:
        return store.search(Search(NOW))


def test_a_round_says_what_came_of_every_feed(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali", "Talks in Oslo"))
    publisher.serve("/page", page("/wire"))
    publisher.serve("/empty", Reply(b""))
    publisher.serve("/gone", Reply(status=410))
    path = newsroom(tmp_path, publisher, "/wire", "/page", "/empty", "/gone", "/missing")

    said = command("--config", path, "poll", "--utc")

    assert (said.status, said.errors) == (0, "")
    lines = [line.split() for line in said.output.splitlines()]
    assert ["news", "1", "2", "0"] in lines
    assert ["gone", "1", "0", "0"] in lines
    assert ["failed", "3", "0", "0"] in lines
    assert ["together", "5", "2", "0"] in lines
    assert "Tags given to new entries: sahel 1." in said.output
    told = {line.split()[0]: line for line in said.output.splitlines() if publisher.url() in line}
    assert set(told) == {"Empty", "Gone", "Missing", "Page"}
    assert "is a web page, not a feed" in told["Page"]
    assert "(HTTP 404)" in told["Missing"]
    assert "(HTTP 410)" in told["Gone"]
    assert "next poll (UTC)" in said.output

    again = command("--config", path, "poll")
    assert again.status == 0
    assert again.output.startswith("Nothing is due: the next feed is in ")
    assert {tagged.entry.title for tagged in entries(path)} == {"Talks in Mali", "Talks in Oslo"}


def test_programs_get_one_object(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/later", Reply(status=429, headers=((b"Retry-After", b"7200"),)))
    path = newsroom(tmp_path, publisher, "/later", "/missing", more="")
    report = json.loads(command("--config", path, "poll", "--format", "json").output)
    assert (report["version"], report["polled"], report["new"]) == (1, 2, 0)
    assert report["outcomes"]["failed"] == 2
    assert [(failed["name"], failed["status"]) for failed in report["failed"]] == [
        ("Later", 429),
        ("Missing", 404),
    ]
    assert report["next_due_at"].endswith("Z")

    everything = json.loads(command("--config", path, "poll", "--all", "--format", "json").output)
    assert everything["polled"] == 1
    (left,) = everything["left_alone"]
    assert left["name"] == "Later"
    assert "asked us to stay away" in left["reason"]
    assert len(publisher.seen("/later")) == 1
    assert len(publisher.seen("/missing")) == 2


def test_a_round_in_which_all_fail_has_failed(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/missing", "/lost")
    said = command("--config", path, "poll")
    assert said.status == 1
    assert "failed" in said.output


def test_a_feed_asked_for_by_name_must_not_fail(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/wire", feed("Wire"))
    path = newsroom(tmp_path, publisher, "/wire", "/missing", "/lost")
    assert command("--config", path, "poll", "Wire", "missing").status == 1
    assert publisher.seen("/lost") == ()
    again = command("--config", path, "poll", "wire")
    assert again.status == 0
    assert len(publisher.seen("/wire")) == 2


def test_a_paused_feed_is_left_alone(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/wire")
    command("--config", path, "feeds", "pause", "wire")
    said = command("--config", path, "poll", "wire")
    assert said.status == 0
    assert "paused in the configuration" in said.output
    assert publisher.seen() == ()
    assert "No feed is to be polled" in command("--config", path, "poll").output


def test_of_many_that_another_process_polls_a_few_are_named(
    tmp_path: Path, publisher: Publisher
) -> None:
    path = newsroom(tmp_path, publisher, *(f"/wire{number}" for number in range(8)))
    command("--config", path, "feeds")
    with opened_store(tmp_path / "aggregator.db") as store:
        keys = [feed.key for feed in store.feeds()]
        assert len(store.claim(utc_now(), 8, lease=timedelta(minutes=5), keys=keys)) == 8
    said = command("--config", path, "poll").output
    assert said.startswith(
        "Being polled by another process just now: Wire0, Wire1, Wire2, Wire3, Wire4 and 3 more. If"
    )


def test_a_feed_that_another_process_polls_is_said(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/wire")
    command("--config", path, "feeds")
    with opened_store(tmp_path / "aggregator.db") as store:
        assert store.claim(utc_now(), 1, lease=timedelta(minutes=5))
        for arguments in ((), ("wire",), ("--all",)):
            said = command("--config", path, "poll", *arguments)
            assert said.output == (
                "Being polled by another process just now: Wire."
                " If that was killed, or had no room left to write, they are free again within"
                " 5 min.\n"
            )
            assert said.status == 0
    assert publisher.seen() == ()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Wrie"], "did you mean Wire?"),
        (["wi"], "'wi' may be Wire or Wired"),
        (["--all", "wire"], "--all polls all feeds"),
        (["--al"], "--al"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_polled(
    tmp_path: Path, publisher: Publisher, arguments: list[str], told: str
) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/wired")
    said = command("--config", path, "poll", *arguments)
    assert (said.output, said.status) == ("", 2)
    assert told in said.errors
    assert publisher.seen() == ()


def test_a_name_cannot_act_on_the_terminal(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/a", feed("\u202eWire\u009b31m"))
    path = tmp_path / "feeds.yaml"
    path.write_text(f"{POLL}feeds: [{{url: '{publisher.url('/a')}'}}]\n")
    command("--config", path, "poll")
    publisher.serve("/a", Reply(status=500))
    for said in (
        command("--config", path, "poll", "--all"),
        command("--config", path, "feeds"),
        command("--config", path, "feeds", "--format", "json"),
    ):
        assert "Wire" in said.output
        assert not set(said.output) & {"\u202e", "\x9b", "\x1b"}


RUN = "import sys\nfrom aggregator.cli.main import main\nmain(sys.argv[1:])"


def test_ctrl_c_says_what_is_stored_and_loses_nothing(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali", "Talks in Oslo"))
    publisher.serve("/slow", HANG)
    path = newsroom(tmp_path, publisher, "/wire", "/slow")
    # One request at a time: when the second arrives, the first feed is stored.
    path.write_text(path.read_text().replace("floor: 0s", "floor: 0s, workers: 1"))
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "--config", path, "poll"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            publisher.wait_for(1, "/slow", seconds=30)
            running.send_signal(signal.SIGINT)
            output, errors = running.communicate(timeout=10)
        finally:
            running.kill()
    assert (running.returncode, output) == (1, "")
    assert errors == (
        "aggregator: Interrupted: 1 of 2 feeds was polled, and 2 new entries stored;"
        " the others stay as they were.\n"
    )
    assert len(entries(path)) == 2
    publisher.serve("/slow", Reply(status=404))
    again = json.loads(command("--config", path, "poll", "--format", "json").output)
    assert [failed["name"] for failed in again["failed"]] == ["Slow"]


def test_a_full_disk_is_one_sentence(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/wire", feed("Wire", *(f"{number} {'news ' * 2000}" for number in range(40))))
    path = newsroom(tmp_path, publisher, "/wire")
    command("--config", path, "feeds")
    room = (tmp_path / "aggregator.db").stat().st_size + 65536
    ran = subprocess.run(
        [sys.executable, "-c", RUN, "--config", path, "poll"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert len(ran.stderr.splitlines()) == 1
    assert ran.stderr.startswith("aggregator: ")
    assert str(tmp_path / "aggregator.db") in ran.stderr
    assert entries(path) == ()
    with opened_store(tmp_path / "aggregator.db") as store:
        # The lease could not be given back either: it runs out by itself.
        assert store.claim(utc_now() + timedelta(hours=1), 1, lease=timedelta(minutes=5))


def test_row_40_a_round_without_our_network_says_so_and_blames_no_feed(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as away:
        away.subscribe(*(f"http://{name}.example/feed" for name in "abc"))
        away.internet.go_away(Away.NAMES)
        tally = Tally()
        sweep = Sweep(away.store, away.wiring, tally)
        assert sweep.round()
        assert sweep.network_is_away
        names = tuple(feed.name for feed in away.store.feeds())
        done = Round(tally, (), NOW, NOW, away.store.next_due_at(), offline=names)
    assert done.has_failed(named=False)
    (told,) = shown(done, UTC)
    assert str(told) == (
        "Our own network is away: 3 feeds were left as before, still due and none of them failed."
    )
    said = report(done)
    assert isinstance(said, dict)
    assert (said["offline"], said["failed"], said["polled"]) == (list(names), [], 0)
