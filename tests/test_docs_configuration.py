"""docs/configuration.md names every key that is accepted, and all its YAML is accepted."""

import re
from pathlib import Path

import pytest

from aggregator.config.checking import check_examples
from aggregator.config.keys import EVERY, Keys
from aggregator.config.load import load

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("keys", EVERY, ids=lambda keys: keys.of)
def test_every_accepted_key_is_documented(keys: Keys) -> None:
    assert [key for key in keys.accepted if f"`{key}`" not in TEXT] == []


@pytest.mark.parametrize("keys", EVERY, ids=lambda keys: keys.of)
def test_no_key_of_a_later_version_is_documented(keys: Keys) -> None:
    tables = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    assert not set(keys.later) & set(tables)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_example_of_a_configuration_loads_and_holds(number: int, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(BLOCKS[number], encoding="utf-8")
    assert check_examples(load(path).rules) == ()


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 6
