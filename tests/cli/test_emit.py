"""What ``aggregator emit`` writes, and where."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.command import Said, command
from tests.cli.stocked import CONFIG, MATCH, TALKS, VISIT, configured, stocked


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return stocked(tmp_path, TALKS, MATCH, VISIT)


def emit(path: Path, *arguments: object) -> Said:
    return command("--config", path, "emit", *arguments)


def test_all_outputs_are_written_and_what_changed_is_said(path: Path, tmp_path: Path) -> None:
    sahel, everything = tmp_path / "public/sahel.atom", tmp_path / "public/everything.json"
    said = emit(path)
    assert (said.status, said.output) == (0, "")
    assert said.errors == (
        f"sahel: written, 1 entry, {sahel}\nall: written, 3 entries, {everything}\n"
    )
    assert b"Talks resume in Bamako" in sahel.read_bytes()
    assert len(json.loads(everything.read_bytes())["items"]) == 3
    assert emit(path).errors.count("unchanged") == 2


def test_one_output_can_be_asked_for(path: Path, tmp_path: Path) -> None:
    assert emit(path, "sahel").errors.startswith("sahel: written")
    assert not (tmp_path / "public/everything.json").exists()


def test_an_output_that_cannot_be_written_does_not_keep_the_others(
    path: Path, tmp_path: Path
) -> None:
    (tmp_path / "public/sahel.atom").mkdir(parents=True)
    path.write_text(CONFIG.replace("public/sahel.atom", "feeds.yaml/sahel.atom"), encoding="utf-8")
    said = emit(path)
    assert said.status == 1
    first, second = said.errors.splitlines()
    assert first.startswith(f"aggregator: Cannot write {tmp_path / 'feeds.yaml/sahel.atom'}")
    assert second.startswith("all: written, 3 entries")


def test_what_is_published_beside_them_is_written_with_all_of_them(
    path: Path, tmp_path: Path
) -> None:
    index = tmp_path / "public/index.html"
    path.write_text(f"{CONFIG}publish: {{index: public/index.html}}\n", encoding="utf-8")
    emit(path, "sahel")
    assert not index.exists()
    assert emit(path).errors.endswith(f"index.html: written, {index}\n")
    assert "index.html" not in emit(path).errors
    index.unlink()
    os.mkfifo(index)
    said = emit(path)
    assert (said.status, "is not a file" in said.errors) == (1, True)


def test_a_query_goes_to_stdout(path: Path, tmp_path: Path) -> None:
    said = emit(path, "--query", "tag:sahel OR tag:sport")
    assert (said.status, said.errors) == (0, "")
    assert said.output.startswith("<?xml")
    assert said.output.count("<entry") == 2
    read = json.loads(emit(path, "--query", "Rabat", "--format", "json").output)
    assert (read["title"], len(read["items"])) == ("Rabat", 1)
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize(("limit", "count"), [(2, 2), (0, 3)])
def test_a_query_may_be_limited(path: Path, limit: int, count: int) -> None:
    said = emit(path, "--query", "lang:en OR lang:fr", "--format", "jsonl", "--limit", limit)
    assert len(said.output.splitlines()) == count


def test_the_same_query_gives_the_same_bytes(path: Path) -> None:
    asked = ("--query", "tag:sahel", "--format", "atom")
    assert emit(path, *asked) == emit(path, *asked)


def test_a_query_needs_no_configuration(path: Path, tmp_path: Path) -> None:
    path.unlink()
    asked = ("--config", path, "--database", tmp_path / "news.db", "emit")
    assert command(*asked, "--query", "Rabat").status == 0
    assert command(*asked).status == 2


def test_without_outputs_there_is_nothing_to_write(tmp_path: Path) -> None:
    said = emit(configured(tmp_path, "feeds: []\n"))
    assert (said.status, said.output) == (0, "")
    assert "has no outputs" in said.errors


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sahl"], "There is no output 'sahl': did you mean sahel?"),
        (["zzz"], "There is no output 'zzz'. There are: all, sahel."),
        (["sahel", "--query", "Mali"], "--query writes to stdout"),
        (["--format", "atom"], "--format and --limit belong to --query"),
        (["sahel", "--limit", "3"], "--format and --limit belong to --query"),
        (["--query", "Mali OR"], "Mali OR"),
        (["--query", ""], "The query is empty."),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(path: Path, arguments: list[str], told: str) -> None:
    said = emit(path, *arguments)
    assert (said.status, said.output) == (2, "")
    assert told in said.errors


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    said = emit(configured(tmp_path))
    assert said.status == 1
    assert "run `aggregator poll` first" in said.errors
    assert [found.name for found in tmp_path.iterdir()] == ["feeds.yaml"]
