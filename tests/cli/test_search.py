"""What ``aggregator search`` finds, and how it writes it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import FEED, NOW, entry
from tests.cli.command import Said, command
from tests.cli.stocked import HOSTILE, MATCH, TALKS, VISIT, configured, stocked, today


def search(path: Path, *arguments: object) -> Said:
    return command("--config", path, "search", *arguments)


def titles(said: Said) -> list[str]:
    assert (said.status, said.errors) == (0, "")
    return [json.loads(line)["title"] for line in said.output.splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return stocked(tmp_path, TALKS, MATCH, VISIT)


def test_without_a_query_the_newest_come_first_in_one_table(path: Path) -> None:
    said = search(path, "--utc")
    assert said.status == 0
    header, *rows = said.output.splitlines()
    assert header.split() == ["id", "time", "(UTC)", "feed", "title", "tags"]
    assert rows[0].split() == [
        *(TALKS.id[:6], "2026-03-02", "12:00", "Example", "News"),
        *("Talks", "resume", "in", "Bamako", "sahel"),
    ]
    assert [row[:6] for row in rows] == [each.id[:6] for each in (TALKS, MATCH, VISIT)]


def test_times_are_local_and_the_zone_is_named_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    said = search(path)
    assert said.output.count("Asia/Tokyo") == 1
    assert "2026-03-02 21:00" in said.output


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["Bamako OR football"], [TALKS, MATCH]),
        (["--tag", "sahel"], [TALKS]),
        (["--tag", "sahel", "--tag", "sport"], []),
        (["--lang", "fr"], [MATCH]),
        (["--lang", "fr", "--lang", "en"], [TALKS, MATCH, VISIT]),
        (["--feed", "example"], [TALKS, MATCH, VISIT]),
        (["--feed", FEED, "Rabat"], [VISIT]),
        (["NOT tag:sport", "--lang", "en", "--feed", "Example News"], [TALKS, VISIT]),
    ],
)
def test_options_narrow_the_query(path: Path, arguments: list[str], found: list[object]) -> None:
    said = search(path, *arguments, "--format", "jsonl")
    assert said.status == 0
    shown = [json.loads(line)["_aggregator"]["id"] for line in said.output.splitlines()]
    assert shown == [each.id for each in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--since", "2026-03-02"], 2),
        (["--until", "2026-03-01"], 1),
        (["--since", "2026-03-01", "--until", "2026-03-01"], 1),
        (["--since", "2026-03-03"], 0),
    ],
)
def test_days_are_whole_days_in_utc(tmp_path: Path, arguments: list[str], count: int) -> None:
    midnight = NOW.replace(hour=0)
    path = stocked(tmp_path, TALKS, MATCH, VISIT, at=midnight + timedelta(minutes=1))
    assert len(search(path, *arguments, "--format", "jsonl").output.splitlines()) == count


def test_a_duration_counts_back_from_now(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, at=today() - timedelta(days=2))
    assert len(search(path, "--since", "3d", "--format", "jsonl").output.splitlines()) == 1
    assert not search(path, "--since", "1d", "--format", "jsonl").output
    assert not search(path, "--until", "3d", "--format", "jsonl").output
    assert len(search(path, "--until", "1d", "--format", "jsonl").output.splitlines()) == 1


def test_no_more_than_the_limit_is_shown_and_that_is_said(path: Path) -> None:
    said = search(path, "--limit", 2)
    assert len(said.output.splitlines()) == 3
    assert said.errors == "There are more than these 2: --limit 0 shows all.\n"
    for all_of_them in (0, 3):
        said = search(path, "--limit", all_of_them)
        assert (len(said.output.splitlines()), said.errors) == (4, "")


def test_relevance_puts_better_matches_first(tmp_path: Path) -> None:
    weak = entry("One thing", content="Mali " + "and many other words " * 30)
    strong = entry("Mali Mali Mali", summary="Mali.")
    path = stocked(tmp_path, weak, strong)
    assert titles(search(path, "Mali", "--format", "jsonl")) == [weak.title, strong.title]
    best = search(path, "Mali", "--sort", "relevance", "--format", "jsonl")
    assert titles(best) == [strong.title, weak.title]


def test_nothing_found_is_said_and_no_failure(path: Path) -> None:
    said = search(path, "Vladivostok")
    assert (said.status, said.errors) == (0, "No entry matches.\n")
    assert len(said.output.splitlines()) == 1


def test_every_format_is_written(path: Path) -> None:
    assert json.loads(search(path, "--format", "json").output)["title"] == "Search: everything"
    assert search(path, "--format", "atom").output.count("<entry") == 3
    assert search(path, "--format", "rss").output.count("<item>") == 3
    assert search(path, "--format", "csv").output.startswith("id,first_seen,")


def test_cells_of_csv_are_escaped_unless_raw(tmp_path: Path) -> None:
    path = stocked(tmp_path, entry("=1+1"))
    assert ",'=1+1," in search(path, "--format", "csv").output
    assert ",=1+1," in search(path, "--format", "csv", "--raw").output


def test_no_title_acts_on_the_terminal(tmp_path: Path) -> None:
    path = stocked(tmp_path, HOSTILE)
    for form in ("table", "json", "jsonl", "atom", "rss", "csv"):
        said = search(path, "--format", form)
        assert said.status == 0
        assert not set(said.output) & {"\x1b", "\x07", "\x9b"}
    assert "Red [31malert⟨U+202E⟩" in search(path).output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Mali AND (Niger"], "This bracket is never closed.\n  Mali AND (Niger\n           ^"),
        (["--lang", "français"], "is no language code"),
        (["--tag", "sahell"], "There is no tag 'sahell': did you mean sahel?"),
        (["Mali -tag:Sahel"], "mean sahel?\n  Mali -tag:Sahel\n            ^^^^^"),
        (["--feed", "Exmaple News"], "did you mean Example News?"),
        (["--since", "yesterday"], "'yesterday' is neither a day like"),
        (["--since", "2026-02-30"], "'2026-02-30' is neither a day like"),
        (["--since", "2026-03-02", "--until", "2026-03-01"], "--until lies before --since"),
        (["--raw"], "--raw is about the cells of --format csv"),
        (["--limit", "-1"], "--limit"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(path: Path, arguments: list[str], told: str) -> None:
    said = search(path, *arguments)
    assert (said.status, said.output) == (2, "")
    assert told in said.errors


def test_a_database_needs_no_configuration(path: Path, tmp_path: Path) -> None:
    path.unlink()
    database = tmp_path / "news.db"
    said = command("--config", path, "--database", database, "search", "--tag", "sahel")
    assert (said.status, said.errors) == (0, "")
    assert TALKS.id[:6] in said.output


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    said = search(configured(tmp_path))
    assert (said.status, said.output) == (1, "")
    database = tmp_path / "news.db"
    assert said.errors == (
        f"aggregator: There is no database at {database}: run `aggregator poll` first.\n"
    )
    assert not database.exists()


def test_without_database_and_configuration_there_is_nothing_to_read(tmp_path: Path) -> None:
    said = search(tmp_path / "feeds.yaml")
    assert said.status == 2
    assert "aggregator init" in said.errors
