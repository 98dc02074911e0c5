"""``feeds requests``: what a publisher who complains can be told."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Said, command
from tests.cli.newsroom import feed, newsroom
from tests.publisher import Publisher, redirect


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def path(tmp_path: Path, publisher: Publisher) -> Path:
    publisher.serve("/wire", redirect("/moved"))
    publisher.serve("/moved", feed("Wire", "Talks in Mali"))
    path = newsroom(tmp_path, publisher, "/wire", "/press")
    command("--config", path, "poll", "wire")
    return path


def requests(path: Path, *arguments: object) -> Said:
    return command("--config", path, "feeds", "requests", *arguments)


def test_the_requests_for_a_feed_are_listed_with_their_reasons(
    path: Path, publisher: Publisher
) -> None:
    head, latest, first = requests(path, "wire", "--utc").output.splitlines()
    assert head.split()[:2] == ["time", "(UTC)"]
    assert publisher.url("/moved") in latest
    assert "redirect: it is new" in latest
    assert f"GET {publisher.url('/wire')}" in first
    assert "302" in first
    assert "poll: it is new" in first


@pytest.mark.parametrize("host", ["127.0.0.1", "wire"])
def test_programs_get_every_detail(path: Path, publisher: Publisher, host: str) -> None:
    report = json.loads(requests(path, host, "--limit", 1, "--format", "json").output)
    (asked,) = report["requests"]
    assert asked.pop("at").endswith("Z")
    assert asked.pop("seconds") > 0
    assert asked.pop("wire_bytes") > 100
    assert asked == {
        "method": "GET",
        "url": publisher.url("/moved"),
        "purpose": "redirect",
        "reason": "it is new",
        "conditional": False,
        "status": 200,
        "error": None,
        "address": "127.0.0.1",
    }


def test_a_feed_that_was_never_asked_for_has_no_requests(path: Path) -> None:
    said = requests(path, "press")
    assert (said.output, said.status) == ("", 0)
    assert said.errors == "Nobody was asked for it yet.\n"


def test_a_host_that_was_never_asked_has_none_however_many_feeds_it_has(
    tmp_path: Path, publisher: Publisher
) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/press")
    command("--config", path, "feeds")
    said = requests(path, "127.0.0.1")
    assert (said.output, said.status) == ("", 0)
    assert said.errors == "Nobody was asked for it yet.\n"


def test_what_is_neither_a_feed_nor_a_host_is_refused(path: Path) -> None:
    said = requests(path, "elsewhere.example")
    assert said.status == 2
    assert "No feed is called 'elsewhere.example'" in said.errors
