"""docs/rules.md: every rule of the cookbook loads, holds, and has no lint; every lint is named."""

import re
from pathlib import Path
from typing import get_args

import pytest

from aggregator.config.checking import check_examples
from aggregator.config.linting.lint import lint
from aggregator.config.linting.remark import Kind
from aggregator.config.load import load_written

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
ROWS = re.findall(r"^\| `(\w+)` \| (.*?) \|", TEXT, re.MULTILINE)
SHOWN = [(kind, cell.strip("`")) for kind, cell in ROWS if cell.startswith("`")]


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_step_holds_and_has_no_lint(number: int, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(BLOCKS[number], encoding="utf-8")
    loaded = load_written(path)
    assert check_examples(loaded.config.rules) == ()
    assert lint(loaded, None) == ()


def test_every_step_has_examples_of_both_kinds(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    for block in BLOCKS:
        path.write_text(block, encoding="utf-8")
        rules = load_written(path).config.rules
        assert any(rule.examples_match and rule.examples_no_match for rule in rules)


@pytest.mark.parametrize(("kind", "query"), SHOWN)
def test_every_lint_that_is_shown_is_given(kind: str, query: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        f"tags:\n  a:\n    query: |\n      {query}\n    examples: {{no_match: [x]}}\n",
        encoding="utf-8",
    )
    assert [each.kind for each in lint(load_written(path), None)] == [kind]


def test_every_kind_of_lint_is_described() -> None:
    assert sorted(kind for kind, _ in ROWS) == sorted(get_args(Kind))
    assert len(BLOCKS) >= 11
    assert len(SHOWN) >= 4
