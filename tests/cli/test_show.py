"""What ``aggregator show`` tells of one entry."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, dated, full_entry
from tests.cli.command import command
from tests.cli.stocked import HOSTILE, TALKS, revised, stocked
from tests.store.steps import poll


def test_an_entry_is_shown_in_full(tmp_path: Path) -> None:
    subject = full_entry(
        guid="full-1", link="https://news.example/full", language="en", boilerplate=()
    )
    path = stocked(tmp_path, subject)
    said = command("--config", path, "show", subject.id[:4], "--utc")
    assert (said.status, said.errors) == (0, "")
    title, empty, *lines = said.output.splitlines()
    assert (title, empty) == ("Everything at once", "")
    facts = {line[:10].rstrip(): line[12:] for line in lines[: lines.index("CONTENT") - 1]}
    assert facts == {
        "id": subject.id,
        "feed": "Example News (https://news.example/feed.xml)",
        "labels": "africa, wire",
        "link": "https://news.example/full",
        "guid": "full-1",
        "times in": "UTC",
        "published": "2026-03-02 09:00 (read as rfc3339 from '2026-03-02T09:00:00+00:00')",
        "updated": "2026-03-02 12:00 (read as rfc822 from '2026-03-02T12:00:00+00:00',"
        " which may be meant otherwise)",
        "first seen": "2026-03-02 12:00",
        "language": "en",
        "authors": "Awa Traoré awa@news.example, https://awa.example/",
        "categories": "africa, sahel",
        "files": "https://news.example/a.mp3 (audio/mpeg, 12,345 bytes)",
        "image": "https://news.example/a.jpg",
        "tags": "sahel (The Sahel)",
    }
    text = said.output.partition("CONTENT\n")[2]
    assert text == "First block.\n\nSecond block, naming «Mali».\n"


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    path = stocked(tmp_path, replace(TALKS, published=None, link=None, language=None))
    said = command("--config", path, "show", TALKS.id)
    assert "published   not said" in said.output
    assert "language    unknown" in said.output
    assert "\nlink" not in said.output
    assert "\nREVISIONS" not in said.output


def test_times_are_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    said = command("--config", stocked(tmp_path, TALKS), "show", TALKS.id)
    assert "times in    Asia/Tokyo" in said.output
    assert "first seen  2026-03-02 21:00" in said.output


def test_revisions_show_what_was_changed(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS)
    revised(path, replace(TALKS, title="Talks fail in Bamako", content_hash="2"))
    said = command("--config", path, "show", TALKS.id, "--utc")
    assert "revised     2026-03-02 13:00" in said.output
    told = said.output.partition("\nREVISIONS\n")[2]
    assert told == "2026-03-02 13:00\ntitle  Talks [-resume-] {+fail+} in Bamako\n"


def test_json_is_an_item_of_a_json_feed(tmp_path: Path) -> None:
    said = command("--config", stocked(tmp_path, TALKS), "show", TALKS.id[:6], "--format", "json")
    item = json.loads(said.output)
    assert (item["title"], item["_aggregator"]["id"]) == (TALKS.title, TALKS.id)


def test_a_withdrawn_entry_says_since_when(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS)
    with closing(SqliteStore(tmp_path / "news.db")) as store:
        poll(store, at=NOW, present=frozenset(), complete=True)
    said = command("--config", path, "show", TALKS.id, "--utc")
    assert "withdrawn   by its publisher, 2026-03-02 12:00: not found" in said.output
    item = json.loads(command("--config", path, "show", TALKS.id, "--format", "json").output)
    assert item["_aggregator"]["withdrawn"] == "2026-03-02T12:00:00Z"


def test_nothing_in_an_entry_acts_on_the_terminal(tmp_path: Path) -> None:
    hostile = replace(HOSTILE, content="\x1b[2Jcontent", published=dated(raw="\x1b[1m"))
    path = stocked(tmp_path, hostile)
    revised(path, replace(hostile, title="\x1b[31mred", content_hash="2"))
    said = command("--config", path, "show", hostile.id)
    assert said.status == 0
    assert not set(said.output) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert "␛[2Jcontent" in said.output


@pytest.mark.parametrize("asked", ["zzzz", "abc"])
def test_an_unknown_entry_is_said_to_be_unknown(tmp_path: Path, asked: str) -> None:
    said = command("--config", stocked(tmp_path, TALKS), "show", asked)
    assert (said.status, said.output) == (1, "")
    assert repr(asked) in said.errors
