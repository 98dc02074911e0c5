"""docs/polling.md names every rule of polling and the whole polls that prove it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent / "rows"
PAGE = Path(__file__).parents[1] / "docs" / "polling.md"
ROWS = range(1, 81)

_LINE = re.compile(r"^\| ([0-9]{1,2}) \| .+? \| (.+?) \|$", re.MULTILINE)
_NAME = re.compile(r"test_rows?_((?:[0-9]+[a-z]?_|and_|to_)+)")
_NUMBER = re.compile(r"(to_)?([0-9]+)")


def told() -> dict[int, set[str]]:
    found = _LINE.findall(PAGE.read_text(encoding="utf-8"))
    return {int(number): set(re.findall(r"`(.+?)`", files)) for number, files in found}


def rows_of(test: str) -> Iterator[int]:
    """Yield the numbers in a test's name: ``row_7``, ``rows_41_and_42``, ``rows_46_to_50``."""
    match = _NAME.match(test)
    last = 0
    for is_end, number in _NUMBER.findall(match[1] if match else ""):
        yield from range(last + 1 if is_end else int(number), int(number) + 1)
        last = int(number)


def proven() -> dict[int, set[str]]:
    files = defaultdict[int, set[str]](set)
    for path in TESTS.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for row in rows_of(node.name):
                    files[row].add(path.name)
    return files


TOLD, PROVEN = told(), proven()


def test_names_are_read_as_they_are_meant() -> None:
    names = ("test_row_07_x", "test_row_8a_x", "test_rows_41_and_42_x", "test_rows_46_to_50_x", "x")
    assert [list(rows_of(name)) for name in names] == [
        [7],
        [8],
        [41, 42],
        [46, 47, 48, 49, 50],
        [],
    ]


def test_the_page_names_every_rule_in_order() -> None:
    assert list(TOLD) == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_every_rule_is_proven_where_the_page_says(row: int) -> None:
    assert TOLD[row]
    assert TOLD[row] <= PROVEN[row]
