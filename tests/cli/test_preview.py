"""What ``aggregator preview`` shows of documents that nobody has subscribed to."""

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from aggregator.app.polling import workers_for
from aggregator.cli.sources import AHEAD, Preview, origins
from aggregator.errors import FileUnreadableError
from aggregator.identity import entry_id
from aggregator.model.fetching import Fetched, FetchRequest
from aggregator.pipeline import Edge, Tell, read
from tests.cli.command import Said, command
from tests.cli.newsroom import feed, rss
from tests.cli.stocked import configured
from tests.publisher import Publisher, Reply

JSON_FEED = "https://jsonfeed.org/version/1.1"


def preview(path: Path, *arguments: object) -> Said:
    return command("--config", path, "preview", *arguments)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return configured(tmp_path)


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    wire = tmp_path / "wire.xml"
    wire.write_bytes(rss("Wire", "Drought in Mali", "A visit to Oslo"))
    return wire


def test_a_file_is_shown_with_the_tags_it_would_get_and_nothing_is_stored(
    path: Path, wire: Path
) -> None:
    before = set(path.parent.iterdir())
    said = preview(path, wire)
    assert (said.status, said.errors) == (0, "")
    assert set(path.parent.iterdir()) == before
    rows = [line.split() for line in said.output.splitlines()[1:]]
    assert [row[3:] for row in rows] == [
        ["Wire", "Drought", "in", "Mali", "sahel"],
        ["Wire", "A", "visit", "to", "Oslo"],
    ]


def test_without_a_configuration_nothing_is_tagged_and_that_is_said(
    tmp_path: Path, wire: Path
) -> None:
    said = preview(tmp_path / "none.yaml", wire, "--format", "jsonl")
    assert said.status == 0
    assert said.errors == (
        f"{tmp_path / 'none.yaml'} does not exist: without its rules nothing is tagged.\n"
    )
    assert all("tags" not in item for item in json.loads(said.output)["items"])


def test_a_broken_configuration_is_no_absent_one(tmp_path: Path, wire: Path) -> None:
    said = preview(configured(tmp_path, "feds: []"), wire)
    assert (said.status, said.output) == (2, "")


def test_a_feed_of_the_configuration_gets_the_ids_that_a_poll_gives(
    tmp_path: Path, wire: Path
) -> None:
    def items(path: Path) -> list[dict[str, Any]]:
        read = json.loads(preview(path, wire, "--format", "json").output)
        return [item["_aggregator"] for item in read["items"]]

    strange = items(configured(tmp_path))
    own = items(configured(tmp_path, "feeds:\n  - {url: ./wire.xml, name: Mine, labels: [x]}\n"))
    assert [item["sources"][0]["name"] for item in own] == ["Mine", "Mine"]
    assert {item["id"] for item in own}.isdisjoint(item["id"] for item in strange)
    assert own[0]["id"] == entry_id("./wire.xml", "guid:Drought in Mali")


def test_standard_input_is_read_and_its_flaws_are_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(rss("A & B", "Mali"))))
    said = preview(path, "-")
    assert said.status == 0
    assert "Mali" in said.output
    assert said.errors.startswith("standard input: This document has flaws")


def test_empty_standard_input_is_no_feed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    said = preview(path, "-", "--format", "jsonl")
    assert said.status == 1
    assert json.loads(said.output)["error"] == {
        "code": "empty",
        "message": "Standard input is empty.",
        "source": "-",
    }


def test_the_base_url_is_where_the_document_came_from(path: Path, tmp_path: Path) -> None:
    document = tmp_path / "wire.xml"
    document.write_text(
        "<rss version='2.0'><channel><title>W</title>"
        "<item><title>T</title><link>/story</link></item></channel></rss>"
    )
    base = "https://wire.example/feeds/rss"
    read = json.loads(preview(path, document, "--base-url", base, "--format", "json").output)
    assert (read["title"], read["feed_url"]) == ("W", base)
    assert read["items"][0]["url"] == "https://wire.example/story"
    alone = json.loads(preview(path, document, "--format", "json").output)
    assert "url" not in alone["items"][0]


def test_a_file_has_the_address_that_it_calls_its_own(path: Path, tmp_path: Path) -> None:
    document = tmp_path / "wire.json"
    own = "https://wire.example/feed.json"
    document.write_text(json.dumps({"version": JSON_FEED, "feed_url": own, "items": []}))
    for where in ((), ("--base-url", "https://elsewhere.example/copy.json")):
        assert (
            json.loads(preview(path, document, *where, "--format", "json").output)["feed_url"]
            == own
        )


def test_no_more_is_read_ahead_than_memory_bears() -> None:
    beyond = Event()

    def fetch(request: FetchRequest, _tell: Tell) -> Fetched:
        number = int(Path(request.url).stem)
        if number == 0:
            beyond.wait(0.05)
        elif number == AHEAD:
            beyond.set()
        raise FileUnreadableError(f"{number} cannot be read.")

    written = [f"{number}.xml" for number in range(AHEAD + 1)]
    reading = Preview(Edge(fetch, read, lambda: datetime.now(UTC), "test"), None)
    found = reading.all(origins(written, None))
    next(found)
    assert not beyond.is_set()
    assert [one.origin.written for one in found] == written[1:]


def test_a_url_is_fetched_politely_and_where_allowed(path: Path) -> None:
    with Publisher() as publisher:
        publisher.serve("/feed", feed("Wire", "Drought in Mali"))
        refused = preview(path, publisher.url("/feed"))
        assert refused.status == 1
        assert not publisher.seen()
        said = preview(path, publisher.url("/feed"), "--allow-private")
        assert (said.status, said.errors) == (0, "")
        (seen,) = publisher.seen()
    assert "Drought in Mali" in said.output
    assert seen.values(b"user-agent")[0].startswith(b"aggregator/")


def test_a_feed_behind_a_password_goes_by_its_title_as_any_other(path: Path) -> None:
    with Publisher() as publisher:
        publisher.serve("/feed", feed("Wire", "Drought in Mali"))
        address = publisher.url("/feed").replace("http://", "http://reader:secret@")
        said = preview(path, address, "--allow-private", "--format", "jsonl")
    (item,) = json.loads(said.output)["items"]
    assert item["_aggregator"]["sources"][0]["name"] == "Wire"
    assert "secret" not in said.output


def test_one_line_a_source_in_order_whatever_fails(path: Path, wire: Path) -> None:
    with Publisher() as publisher:
        publisher.serve("/gone", Reply(status=410))
        publisher.serve("/page", Reply(b"<html><body>Hello</body></html>"))
        publisher.serve("/feed", feed("Served", "Served in Mali"))
        sources = [
            *(publisher.url("/gone"), str(wire), publisher.url("/page")),
            *(str(wire.parent / "none.xml"), publisher.url("/feed"), str(wire)),
        ]
        said = preview(path, *sources, "--format", "jsonl", "--allow-private")
    assert said.status == 1
    documents = [json.loads(line) for line in said.output.splitlines()]
    assert [
        found["error"]["code"] if "error" in found else found["title"] for found in documents
    ] == ["http", "Wire", "not_a_feed", "file", "Served", "Wire"]
    for source, found in zip(sources, documents, strict=True):
        if "error" in found:
            assert set(found["error"]) == {"code", "message", "source"}
            assert found["error"]["source"] == source
            assert found["error"]["message"] in said.errors
        else:
            assert found["version"] == JSON_FEED


def test_half_a_character_in_a_name_does_not_reach_who_reads_json(path: Path) -> None:
    said = preview(path, "w\udcffre.xml", "--format", "jsonl")
    assert json.loads(said.output)["error"]["source"] == "w\ufffdre.xml"


def test_other_formats_hold_what_could_be_read(path: Path, wire: Path) -> None:
    none = wire.parent / "none.xml"
    said = preview(path, wire, none, wire, "--format", "json")
    assert said.status == 1
    assert "none.xml cannot be read" in said.errors
    read = json.loads(said.output)
    assert (read["title"], len(read["items"])) == ("Preview", 2)
    nothing = preview(path, none, "--format", "atom")
    assert (nothing.status, nothing.output) == (1, "")


def test_a_bomb_is_one_failed_source(path: Path, tmp_path: Path, wire: Path) -> None:
    entities = "".join(f"<!ENTITY l{level} '{f'&l{level - 1};' * 10}'>" for level in range(1, 10))
    bomb = tmp_path / "bomb.xml"
    bomb.write_text(
        f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{entities}]>"
        "<rss version='2.0'><channel><title>&l9;</title></channel></rss>"
    )
    asked = ("--config", path, "preview", bomb, wire, "--format", "jsonl")
    said = command(*asked, workers=workers_for)
    first, second = (json.loads(line) for line in said.output.splitlines())
    assert len(json.dumps(first)) < 10_000
    assert second["title"] == "Wire"


def test_no_title_acts_on_the_terminal(path: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.json"
    item = {"id": "1", "title": "\x1b[31mred\u202e", "content_text": "\x9b2J"}
    hostile.write_text(json.dumps({"version": JSON_FEED, "title": "\x1b]0;x\x07", "items": [item]}))
    for form in ("table", "jsonl"):
        said = preview(path, hostile, tmp_path / "\x1b[2J.xml", "--format", form)
        assert "red" in said.output
        assert not set(said.output + said.errors) & {"\x1b", "\x07", "\x9b"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "SOURCE"),
        (["-", "-"], "give `-` once"),
        (["a.xml", "b.xml", "--base-url", "https://x.example/"], "give one source with it"),
        (["a.xml", "--base-url", "x.example"], "--base-url must be a web address"),
        (["a.xml", "--format", "yaml"], "yaml"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(path: Path, arguments: list[str], told: str) -> None:
    said = preview(path, *arguments)
    assert (said.status, said.output) == (2, "")
    assert told in said.errors
