"""``init`` writes what ``check`` finds in order; ``check`` tells every mistake with its place."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import command
from tests.starter import STARTER, starter_config


def test_init_writes_a_configuration_that_is_in_order(tmp_path: Path) -> None:
    path = tmp_path / "news room.yaml"
    said = command("--config", path, "init")
    assert said.status == 0
    assert said.errors == ""
    assert f"aggregator --config '{path}' check" in said.output
    checked = command("--config", path, "check")
    assert (checked.status, checked.errors) == (0, "")
    assert path.read_bytes() == STARTER.read_bytes()
    config = starter_config()
    assert f"{len(config.subscriptions)} feeds, {len(config.rules)} tags" in checked.output
    assert "examples hold." in checked.output


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("mine")
    said = command("--config", path, "init")
    assert (said.output, said.status) == ("", 2)
    assert f"{path} exists already and is left as it is" in said.errors
    assert path.read_text() == "mine"


def test_init_needs_a_directory(tmp_path: Path) -> None:
    said = command("--config", tmp_path / "missing" / "feeds.yaml", "init")
    assert said.status == 2
    assert "cannot be written: No such file or directory." in said.errors


TEN_MISTAKES = """\
databse: news.db
poll:
  max: soon
  workers: 0
  allow_addresses: [127.0.0.1/8]
feeds:
  - url: htps://example.org/rss
  - name: nameless
  - url: https://example.org/a
    intervall: 15m
  - url: https://example.org/a
tags:
  sahel:
    query: Mali AND (Niger OR
outputs:
  - path: sahel.pdf
    query: tag:sahell
"""


def test_ten_mistakes_are_told_at_once_each_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(TEN_MISTAKES)
    said = command("--config", path, "check")
    assert (said.output, said.status) == ("", 2)
    places = [line for line in said.errors.splitlines() if line.startswith(f"{path}:")]
    lines = [int(place.removeprefix(f"{path}:").partition(":")[0]) for place in places]
    assert lines == sorted(lines)
    assert {1, 3, 4, 5, 7, 8, 10, 11, 14, 16} <= set(lines)
    assert said.errors.endswith(f"{len(places)} mistakes.\n")
    assert "did you mean `database`?" in said.errors
    caret = said.errors.splitlines()[said.errors.splitlines().index(_at(said.errors, 14)) + 2]
    assert set(caret.strip()) == {"^"}


def _at(errors: str, line: int) -> str:
    return next(each for each in errors.splitlines() if f"feeds.yaml:{line}:" in each)


def test_a_failing_example_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "tags:\n  sahel:\n    query: Mali\n    examples:\n"
        "      match:\n        - Talks in Niger\n      no_match: [Talks in Mali]\n"
    )
    said = command("--config", path, "check")
    assert (said.output, said.status) == ("", 1)
    assert f"{path}:6: The tag `sahel` must match this example" in said.errors
    assert f"{path}:7: The tag `sahel` must not match this example" in said.errors
    assert said.errors.endswith("2 failing examples.\n")


def test_a_promised_interval_below_the_floor_is_worth_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "feeds:\n  - {url: https://a.example/rss, name: Wire, interval: 15m}\n"
        "  - {url: ./own.xml, interval: 1m}\n"
    )
    said = command("--config", path, "check")
    assert said.status == 0
    assert "Wire (15 min)" in said.errors
    assert "own.xml" not in said.errors
    assert "2 feeds, 0 tags, 0 outputs; there are no examples to run." in said.output


@pytest.mark.parametrize(
    ("text", "status", "found"),
    [
        ("feeds: []\n", 0, {"problems": [], "failing_examples": [], "feeds": 0}),
        ("feds: []\n", 2, {"failing_examples": [], "feeds": None}),
        ("tags: {a: {query: b, examples: {match: [c]}}}\n", 1, {"problems": [], "tags": 1}),
    ],
)
def test_programs_get_one_object_whatever_is_wrong(
    tmp_path: Path, text: str, status: int, found: dict[str, object]
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text)
    said = command("--config", path, "check", "--format", "json")
    report = json.loads(said.output)
    assert (said.status, said.errors) == (status, "")
    assert report["version"] == 1
    assert report.items() >= found.items()
    wrong = report["problems"] + report["failing_examples"]
    assert bool(wrong) == bool(status)
    assert all(each["path"] == str(path) and each["line"] == 1 for each in wrong)


def test_a_missing_configuration_says_how_to_begin(tmp_path: Path) -> None:
    said = command("--config", tmp_path / "feeds.yaml", "check")
    assert said.status == 2
    assert "does not exist: write one with `aggregator init`" in said.errors


HEAVY = {"apscheduler", "feedparser", "httpcore", "httpx", "lxml", "nh3", "pebble", "rich"} | {
    "sqlite3",
    "sqlite_utils",
    "structlog",
}


@pytest.mark.parametrize("arguments", [["check"], ["--help"], ["init", "--help"]])
def test_what_needs_no_network_and_no_database_starts_light(
    tmp_path: Path, arguments: list[str]
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: [{url: https://a.example/rss}]\ntags: {a: {query: b}}\n")
    script = (
        "import sys\nfrom aggregator.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, "--config", path, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert not HEAVY & set(ran.stderr.split())
