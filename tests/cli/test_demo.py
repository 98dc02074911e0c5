"""The demo: the same for everybody, in a place of its own."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.store.sqlite import SqliteStore
from tests.cli.command import command


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_is_the_same_every_time_and_everywhere(tmp_path: Path) -> None:
    first = command("demo")
    outputs = {path.name: path.read_bytes() for path in Path("aggregator-demo/public").iterdir()}
    again = command("demo")
    other = tmp_path / "other"
    other.mkdir()
    os.chdir(other)
    assert (first.status, first.errors) == (0, "")
    assert again == first
    assert command("demo") == first
    assert sorted(outputs) == ["everything.json", "sahel.atom", "security-cooperation.rss"]
    for name, document in outputs.items():
        assert Path("aggregator-demo/public", name).read_bytes() == document


def test_it_touches_no_configuration_but_its_own() -> None:
    mine = Path("feeds.yaml")
    mine.write_text("feeds: []\n", encoding="utf-8")
    said = command("demo", "--directory", ".")
    assert said.status == 2
    assert said.errors == (
        "aggregator: feeds.yaml is not the demo's:"
        " name another place with --directory, or remove it.\n"
    )
    assert mine.read_text(encoding="utf-8") == "feeds: []\n"


@pytest.mark.parametrize("option", ["config", "database"])
def test_it_has_its_own_place(option: str) -> None:
    said = command(f"--{option}", "mine", "demo")
    assert (said.status, said.output) == (2, "")
    assert said.errors == (
        f"aggregator: The demo has its own {option}: say --directory instead of --{option}.\n"
    )
    assert not Path("aggregator-demo").exists()


def test_a_place_that_cannot_be_is_told() -> None:
    Path("file").write_bytes(b"")
    said = command("demo", "--directory", "file/below")
    assert said.status == 2
    assert said.errors.count("\n") == 1
    assert "file/below cannot hold the demo" in said.errors


def test_kept_it_goes_on_as_a_daemon_until_it_is_stopped() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "aggregator", "demo", "--keep"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as kept:
        assert kept.stderr
        log = iter(kept.stderr.readline, "")
        assert any('event="polling 9 feeds"' in line for line in log)
        kept.send_signal(signal.SIGTERM)
        assert any("event=stopped" in line for line in log)
        assert kept.wait(30) == 0
    with closing(SqliteStore(Path("aggregator-demo/demo.db"))) as store:
        assert store.figures().entries == 39
