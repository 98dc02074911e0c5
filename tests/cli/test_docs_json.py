"""docs/json.md describes the objects that commands write: the very same keys."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command import command
from tests.cli.stocked import MATCH, TALKS, stocked

PAGE = Path(__file__).parents[2] / "docs" / "json.md"


def described(title: str) -> object:
    """The example below a heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2]
    example = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert example
    return json.loads(example[1])


def keys(value: object, path: str = "") -> set[str]:
    """Every key with the way to it; the members of a list are one."""
    match value:
        case dict():
            ways = {f"{path}.{name}" for name in value}
            return ways.union(*(keys(inner, f"{path}.{name}") for name, inner in value.items()))
        case list():
            return set().union(*(keys(inner, f"{path}[]") for inner in value))
        case _:
            return set()


def written(path: Path, *arguments: object) -> set[str]:
    return keys(json.loads(command("--config", path, *arguments).output))


@pytest.mark.parametrize("name", ["tags", "stats"])
def test_figures_are_as_described(tmp_path: Path, name: str) -> None:
    path = stocked(tmp_path, TALKS)
    assert written(path, name, "--format", "json") == keys(described(name))


SCORED = """\
database: news.db
feeds: [{url: https://news.example/feed.xml}]
tags:
  sahel: {query: Sahel AND NOT "Étoile du Sahel"}
  sport: {score: [{when: football, weight: 4}], threshold: 4}
"""


def test_explanations_are_as_described(tmp_path: Path) -> None:
    path = stocked(tmp_path, MATCH)
    path.write_text(SCORED, encoding="utf-8")
    given = written(path, "explain", MATCH.id, "--format", "json")
    missed = written(path, "explain", MATCH.id, "sahel", "--format", "json")
    assert given | missed == keys(described("explain"))


def test_what_a_query_finds_is_as_described(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, MATCH)
    found = written(path, "try", "football", "--as", "sahel", "--format", "json")
    assert found == keys(described("try"))


def test_an_evaluation_is_as_described(tmp_path: Path) -> None:
    path = stocked(tmp_path)
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        '{"title": "Mali Street", "tags": []}\n{"title": "Malian troops", "tags": ["sahel"]}\n'
    )
    found = written(path, "evaluate", labels, "--min-f1", "0.8", "--format", "json")
    assert found == keys(described("evaluate"))


def test_a_failed_preview_is_as_described(tmp_path: Path) -> None:
    path = stocked(tmp_path)
    failed = written(path, "preview", tmp_path / "none.xml", "--format", "jsonl")
    assert failed == keys(described("preview"))
