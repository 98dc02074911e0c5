"""The page that explains the language holds what it says."""

import re
from pathlib import Path

import pytest
import yaml

from aggregator.errors import QueryError
from aggregator.query.expressions import MAX_LENGTH
from aggregator.query.fields import FIELDS, HAS
from aggregator.query.leaves import MAX_LETTERS, MAX_WORDS
from aggregator.query.limits import MAX_BYTES, MAX_EXPRESSIONS, MAX_NESTING, MAX_TERMS
from aggregator.query.match import find
from aggregator.query.nodes import Node, Or
from aggregator.query.printing import show
from aggregator.query.syntax import parse, parse_item
from tests import builders
from tests.builders import NOW

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text(encoding="utf-8")

# Parts of queries, or what is named without being one.
NOT_QUERIES = {
    *("#", "*", "?", "=", "$", '"', ".", "!", "~", r"\/"),
    *("and", "or", "near", "terms:", "NEAR/4", "ONEAR/4", "NEAR/s", "NEAR/p", "ATLEAST/3"),
    *("OR", "EXCEPT", "now-", "now+", "[* TO *]", "1d12h", "“ ” „ « »", "‘ ’"),
    *(f"{name}:" for name in FIELDS),
    *FIELDS,
}


def rows(*heading: str) -> list[list[str]]:
    """Return the rows of all tables with these columns."""
    head = "| " + " | ".join(heading) + " |\n" + "|---" * len(heading) + "|\n"
    tables = [part.partition("\n\n")[0] for part in PAGE.split(head)[1:]]
    lines = [line for table in tables for line in table.splitlines()]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def code(cell: str) -> str:
    found = codes(cell)
    assert len(found) == 1
    return found[0]


REFUSED = [(code(left), codes(right)) for left, right in rows("refused", "write instead")]
SHOWN = [(code(left), code(right)) for left, right in rows("query", "shown")]
FOUND = [
    (code(query), text, is_found)
    for query, hits, misses in rows("query", "finds", "does not find")
    for texts, is_found in ((hits, True), (misses, False))
    for text in texts.split(" · ")
]


def lists() -> dict[str, Node]:
    """Return the lists that the page defines."""
    [block] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, Node] = {}
    for name, items in yaml.safe_load(block)["terms"].items():
        read = tuple(parse_item(item, known) for item in items)
        known[name] = Or(read)
    return known


LISTS = lists()


def queries() -> list[str]:
    blocks = re.findall(r"```query\n(.*?)```", PAGE, re.DOTALL)
    refused = {query for query, _ in REFUSED}
    return [*blocks, *(each for each in codes(PAGE) if each not in refused | NOT_QUERIES)]


@pytest.mark.parametrize("query", sorted(set(queries())))
def test_every_example_is_a_query(query: str) -> None:
    parse(query, LISTS)


@pytest.mark.parametrize(("query", "text", "is_found"), FOUND)
def test_every_example_finds_what_the_page_says(query: str, text: str, is_found: bool) -> None:
    node = parse(query, LISTS)
    title = text if "title:" in query else ""
    subject = builders.tagged(builders.entry(title, summary="", content=text, id="abcd"))
    assert (find(node, subject, NOW) is not None) is is_found


@pytest.mark.parametrize(("query", "instead"), REFUSED)
def test_what_the_page_calls_refused_is_and_the_error_corrects_it(
    query: str, instead: list[str]
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.hint
    for each in instead:
        parse(each)


@pytest.mark.parametrize(("query", "shown"), SHOWN)
def test_the_canonical_form_is_the_one_shown(query: str, shown: str) -> None:
    assert show(parse(query)) == shown


def test_there_are_examples_of_everything() -> None:
    assert len(queries()) >= 100
    assert len(FOUND) >= 70
    assert len(REFUSED) >= 15
    assert all(f"| `{name}` |" in PAGE for name in FIELDS)
    assert all(name in PAGE for name in HAS)
    assert "not supported yet" not in PAGE.lower()


def test_the_limits_are_the_real_ones() -> None:
    limits = " ".join(PAGE.partition("## Limits")[2].split())
    for limit in (
        *(f"{MAX_BYTES:,} bytes", f"{MAX_TERMS:,} terms", f"{MAX_NESTING} levels"),
        f"{MAX_EXPRESSIONS} regular expressions of {MAX_LENGTH:,} characters",
        *(f"{MAX_WORDS} words", f"{MAX_LETTERS} letters"),
    ):
        assert limit in limits
