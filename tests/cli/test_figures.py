"""What ``aggregator tags`` and ``aggregator stats`` count."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.store.sqlite import SqliteStore
from tests.builders import entry, feed, tagged
from tests.cli.command import Said, command
from tests.cli.stocked import CONFIG, HOSTILE, MATCH, TALKS, VISIT, by_rules, stocked, today
from tests.store.steps import poll


def told(path: Path, *arguments: object) -> Said:
    return command("--config", path, *arguments)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Entries on the Sahel: one of yesterday, two of last week, one of last year."""
    now = today()
    path = stocked(tmp_path, TALKS, MATCH, VISIT, at=now - timedelta(days=1))
    config = load(path)
    ages = {"Mali a": 9, "Mali b": 10, "Mali c": 365}
    arrived = [
        replace(tagged(entry(title)), arrived_at=now - timedelta(days=days))
        for title, days in ages.items()
    ]
    with closing(SqliteStore(config.database)) as store:
        poll(store, at=now, feed=feed(), new=by_rules(config, arrived))
    return path


def test_tags_have_counts_and_a_trend(path: Path) -> None:
    said = told(path, "tags", "--format", "json")
    assert (said.status, said.errors) == (0, "")
    assert json.loads(said.output) == {
        "version": 1,
        "tags": [
            {
                **{"name": "sahel", "title": "The Sahel", "entries": 4},
                **{"last_7_days": 1, "previous_7_days": 2, "trend": -1, "pending": False},
            },
            {
                **{"name": "sport", "title": "sport", "entries": 1},
                **{"last_7_days": 1, "previous_7_days": 0, "trend": 1, "pending": False},
            },
            {
                **{"name": "wire-only", "title": "From wires", "entries": 0},
                **{"last_7_days": 0, "previous_7_days": 0, "trend": 0, "pending": False},
            },
        ],
    }


def test_the_table_says_the_same(path: Path) -> None:
    rows = [line.split() for line in told(path, "tags").output.splitlines()]
    assert rows == [
        ["tag", "title", "entries", "last", "7", "days", "7", "before", "trend"],
        ["sahel", "The", "Sahel", "4", "1", "2", "-1"],
        ["sport", "sport", "1", "1", "0", "+1"],
        ["wire-only", "From", "wires", "0", "0", "0", "="],
    ]


def test_a_tag_without_a_rule_is_counted_all_the_same(path: Path) -> None:
    path.write_text(CONFIG.partition("outputs:")[0].replace("  sport:", "  games:"))
    tags = json.loads(told(path, "tags", "--format", "json").output)["tags"]
    titles = {found["name"]: (found["title"], found["entries"]) for found in tags}
    assert (titles["sport"], titles["games"]) == ((None, 1), ("games", 0))


def test_no_tags_are_said_to_be_none(tmp_path: Path) -> None:
    path = stocked(tmp_path, VISIT)
    path.write_text("{database: news.db, feeds: []}")
    said = told(path, "tags")
    assert said.status == 0
    assert said.errors.startswith("There are no tags")


def test_stats_count_everything(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, MATCH, VISIT)
    figures = json.loads(told(path, "stats", "--format", "json").output)
    assert figures.pop("size_bytes") > 0
    assert figures == {
        **{"version": 1, "feeds": 1, "failing": 0, "entries": 3, "revisions": 0},
        **{"tagged": 2, "polls": 1},
        **{"oldest": "2026-03-02T11:58:00Z", "newest": "2026-03-02T12:00:00Z"},
    }
    lines = told(path, "stats", "--utc").output.splitlines()
    assert "tagged     2 (67%)" in lines
    assert "newest     2026-03-02 12:00 (UTC)" in lines


def test_an_empty_database_has_no_times(tmp_path: Path) -> None:
    path = stocked(tmp_path)
    figures = json.loads(told(path, "stats", "--format", "json").output)
    assert (figures["oldest"], figures["newest"]) == (None, None)
    assert "oldest" not in told(path, "stats").output


def test_nothing_acts_on_the_terminal(tmp_path: Path) -> None:
    path = stocked(tmp_path, HOSTILE)
    for name in ("tags", "stats"):
        assert "\x1b" not in told(path, name).output
