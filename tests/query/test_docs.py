"""The page that explains the language holds what it says."""

import re
from pathlib import Path

import pytest

from aggregator.errors import QueryError
from aggregator.query.fields import FIELDS, HAS
from aggregator.query.syntax import MAX_BYTES, MAX_NESTING, MAX_TERMS, parse

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text(encoding="utf-8")
SUPPORTED, _, LATER = PAGE.partition("## Not supported yet")

# Parts of queries, or what is said to be refused.
NOT_QUERIES = {
    "#",
    "and",
    "or",
    "not",
    "&&",
    "||",
    "!",
    "+",
    "now-",
    "now+",
    "[* TO *]",
    '"',
    "tag:",
}


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def queries() -> list[str]:
    blocks = re.findall(r"```query\n(.*?)```", SUPPORTED, re.DOTALL)
    fields_and_such = NOT_QUERIES | set(FIELDS) | {f"{name}:" for name in FIELDS}
    return [
        *blocks,
        *(code for code in codes(SUPPORTED) if code not in fields_and_such and code[0] not in "“‘"),
    ]


@pytest.mark.parametrize("query", sorted(set(queries())))
def test_every_example_is_a_query(query: str) -> None:
    parse(query)


def test_there_are_examples_of_everything() -> None:
    assert len(queries()) >= 50
    assert all(f"| `{name}` |" in PAGE for name in FIELDS)
    assert all(name in SUPPORTED for name in HAS if name != "duplicate")


@pytest.mark.parametrize("construct", codes(LATER))
def test_what_is_reserved_is_refused_as_not_supported_yet(construct: str) -> None:
    with pytest.raises(QueryError, match="not supported yet"):
        parse(construct if "/" not in construct or construct[0] == "/" else f"a {construct} b")


def test_the_limits_are_the_real_ones() -> None:
    limits = PAGE.partition("## Limits")[2]
    for limit in (f"{MAX_BYTES:,} bytes", f"{MAX_TERMS:,} terms", f"{MAX_NESTING} levels"):
        assert limit in limits
