"""docs/json.md names every key of the objects that commands print, and no other."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import command
from tests.cli.newsroom import newsroom, page
from tests.publisher import Publisher

PAGE = Path(__file__).parent.parent / "docs" / "json.md"
SECTIONS = dict(
    part.split("\n", 1)
    for part in re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
)

OPEN = {"tags"}
"""Objects whose keys are names that somebody chose."""


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from () if key in OPEN else keys(below)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each)


def printed(path: Path, *arguments: str) -> set[str]:
    said = command("--config", path, *arguments, "--format", "json")
    return set(keys(json.loads(said.output))) - {"version"}


@pytest.fixture
def objects(tmp_path: Path) -> dict[str, set[str]]:
    """The keys of each command's object, when there is something to say under all of them."""
    with Publisher() as publisher:
        publisher.serve("/", page("/rss"))
        failing = "tags: {sahel: {query: Mali, examples: {match: [Oslo]}}}\n"
        path = newsroom(tmp_path, publisher, "/lost", "/paused", more=failing)
        command("--config", path, "feeds", "pause", "paused")
        wrong = tmp_path / "wrong.yaml"
        wrong.write_text("feds: []\n")
        return {
            "check": printed(path, "check") | printed(wrong, "check"),
            "poll": printed(path, "poll", "lost", "paused"),
            "feeds": printed(path, "feeds"),
            "feeds discover": printed(path, "feeds", "discover", publisher.url("/")),
            "feeds requests": printed(path, "feeds", "requests", "lost"),
        }


def test_the_keys_described_are_those_there_are(objects: dict[str, set[str]]) -> None:
    for section, found in objects.items():
        text = SECTIONS[section]
        assert {key for key in found if f"`{key}`" not in text} == set(), section
        rows = re.findall(r"^\| (`.*?) \|", text, flags=re.MULTILINE)
        assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} <= found, section
