"""Of a rule most is found without reading any entry; the rest is to be judged."""

import pytest

from aggregator.query.nodes import Node
from aggregator.query.printing import show
from aggregator.query.syntax import parse
from aggregator.store import sql
from aggregator.store.certain import certain
from tests.builders import NOW

LISTS: dict[str, Node] = {
    "states": parse('Mali OR Niger EXCEPT ("Niger Delta") OR Chad'),
    "plain": parse("Mali OR Niger"),
}


def is_exact(node: Node) -> bool:
    return sql.compile(node, NOW).exact


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("a OR =b OR c", "a OR c"),
        ("a OR =b", "a"),
        ("=a OR b NEAR/3 c", None),
        ("(a OR =b) (c OR lang:fr)", "a AND (c OR lang:fr)"),
        ("a =b", None),
        ("a NOT b", "a AND NOT b"),
        ("a NOT =b", None),
        ("title:(a OR =b)", "title:a"),
        ("lead:a OR title:a", "title:a"),
        ("$states", "Mali OR Chad"),
        ("feed:$plain", "feed:$plain"),
        ("feed:$states", None),
        ("ATLEAST/1 (a OR b) OR ATLEAST/2 a", "ATLEAST/1 (a OR b)"),
    ],
)
def test_what_needs_no_proof_is_told_from_the_rest(query: str, part: str | None) -> None:
    found = certain(parse(query, LISTS), is_exact)
    assert (found and show(found)) == part
