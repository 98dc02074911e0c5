"""A query → a condition in SQL: the second interpreter of the query language.

Words, phrases and beginnings of words become one expression of SQLite's full-text index
wherever they stand together; metadata become comparisons. What neither can say exactly becomes
a superset, whose entries `aggregator.query.match` then judges. The law: for every entry and
query, it matches there ⇔ it is found here.

The index, ``entry_words``, has a row an entry with what `aggregator.store.words` puts in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from aggregator.query.fields import DEFAULT
from aggregator.query.nodes import (
    And,
    AtLeast,
    DateComparison,
    DateRange,
    Exact,
    Except,
    Field,
    Joined,
    Leaf,
    Listed,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Value,
    Wildcard,
    Word,
)
from aggregator.store.conditions import (
    ANYTHING,
    Indexed,
    Part,
    all_of,
    any_of,
    as_where,
    choices,
    negated,
)
from aggregator.store.database import listed
from aggregator.store.hits import Hits
from aggregator.store.terms import Fitting, is_text, term_part, unknown
from aggregator.store.values import address_part, period_part, value_part


@dataclass(frozen=True, slots=True)
class Condition:
    """A boolean expression over the table ``entry``.

    It is never NULL. Unless ``exact``, it also holds for entries that do not match, never the
    other way round: what it finds is to be verified.
    """

    sql: str
    parameters: tuple[object, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """How to order by relevance: a clause behind the joins (with the parameters), and a term."""

    join: str
    order: str
    parameters: tuple[object, ...]


def compile(node: Node, now: datetime, fitting: Fitting = unknown) -> Condition:
    """Return the condition that a query sets; ``now`` is what relative times count from.

    It holds so long as ``fitting`` does, which knows the words of the index.
    """
    where = as_where(_Compiler(now, fitting).part(node, DEFAULT))
    return Condition(where.sql, where.parameters, where.exact)


def ranking(node: Node) -> Ranking | None:
    """Return the order by how well, and how rarely, words match; None if a query has no words.

    Ascending, the best first. Entries without any of the words come last, all alike.
    """
    wanted = choices(part for part in _wanted(node, DEFAULT) if isinstance(part, Indexed))
    if not wanted:
        return None
    # A word in the title says more about an entry than the same word in its content. A score is
    # a sum over phrases, so that it may be added up from expressions that share them out.
    return Ranking(
        "LEFT JOIN (WITH scored AS MATERIALIZED ("
        " SELECT entry_words.rowid AS number, bm25(entry_words, 4.0, 1.0, 2.0, 1.0) AS score"
        " FROM json_each(?) AS choice CROSS JOIN entry_words ON entry_words MATCH choice.value)"
        " SELECT number, sum(score) AS score FROM scored GROUP BY number)"
        " AS relevance ON relevance.number = entry.number",
        "coalesce(relevance.score, 0)",
        (listed(part.expression for part in wanted),),
    )


class _Compiler:
    """Goes down a tree; one case a construct."""

    def __init__(self, now: datetime, fitting: Fitting) -> None:
        self.now = now
        self.hits = Hits(fitting)

    def part(self, node: Node, field: str) -> Part:
        """Return what a node means within a field."""
        match node:
            case Field():
                return self.part(node.operand, node.name)
            case Not(operand=Not(operand=inside)):
                return self.part(inside, field)
            case Not():
                return negated(self.part(node.operand, field))
            case And():
                return self.all(node.operands, field)
            case Or():
                return any_of([self.part(operand, field) for operand in node.operands])
            case _:
                return self.leaf(node, field)

    def all(self, operands: tuple[Node, ...], field: str) -> Part:
        """Return what an AND means: words that are not to occur go to the index too."""
        parts: list[Part] = []
        excluded: list[Indexed] = []
        for operand in operands:
            is_excluded = isinstance(operand, Not)
            part = self.part(operand.operand if isinstance(operand, Not) else operand, field)
            if is_excluded and isinstance(part, Indexed) and part.exact:
                excluded.append(part)
            else:
                parts.append(negated(part) if is_excluded else part)
        return all_of(parts, excluded)

    def leaf(self, node: Leaf | Joined, field: str) -> Part:
        """Return what a term, hit expression, value or period means."""
        match node:
            case Word() | Phrase() if field == "feed":
                return any_of([self.hits.part(node, field), address_part(node.text)])
            case Word() | Phrase() | Wildcard() | Exact():
                return self.hits.part(node, field)
            case Listed() | Near() | Except() | AtLeast():
                return self.hits.part(node, field)
            case Regex():
                return ANYTHING
            case Value():
                return value_part(node.text, field)
            case DateRange() | DateComparison():
                return period_part(node, self.now)
            case _:
                assert_never(node)


def _wanted(node: Node, field: str) -> Iterator[Part]:
    """Yield the terms of a query that stand behind no NOT, and are not what EXCEPT drops."""
    match node:
        case Field():
            yield from _wanted(node.operand, node.name)
        case Listed() | AtLeast():
            yield from _wanted(node.operand, field)
        case And() | Or():
            for operand in node.operands:
                yield from _wanted(operand, field)
        case Near():
            yield from _wanted(node.left, field)
            yield from _wanted(node.right, field)
        case Except():
            yield from _wanted(node.kept, field)
        case Word() | Phrase() | Wildcard() | Exact() if is_text(field):
            yield term_part(node, field)
        case _:
            pass
