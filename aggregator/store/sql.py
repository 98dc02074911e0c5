"""A query → a condition in SQL: the second interpreter of the query language.

Words, phrases and beginnings of words become one expression of SQLite's full-text index
wherever they stand together; metadata become comparisons. What neither can say exactly becomes
a superset, whose entries `aggregator.query.match` then judges. The law: for every entry and
query, it matches there ⇔ it is found here.

The index, ``entry_words``, has a row an entry with what `index_row` returns.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from math import prod
from typing import assert_never

from aggregator.model import Entry
from aggregator.query.fields import DEFAULT, FIELDS, ascii_lower, summary_counts
from aggregator.query.nodes import (
    And,
    DateComparison,
    DateRange,
    Exact,
    Field,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    Value,
    Wildcard,
    Word,
)
from aggregator.query.periods import bounds
from aggregator.query.terms import Alternatives, Pattern, pattern
from aggregator.store.conditions import (
    Indexed,
    Part,
    Where,
    all_of,
    any_of,
    as_where,
    join_wheres,
    negated,
)
from aggregator.store.times import stamp
from aggregator.text import index_words

MAX_FORMS = 8
"""A phrase in more forms than that is not spelled out: its words are looked for, then verified."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A boolean expression over the tables ``entry`` and ``feed``, joined under these names.

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


def compile(node: Node, now: datetime) -> Condition:
    """Return the condition that a query sets; ``now`` is what relative times count from."""
    where = as_where(_Compiler(now).part(node, DEFAULT))
    return Condition(where.sql, where.parameters, where.exact)


def ranking(node: Node) -> Ranking | None:
    """Return the order by how well, and how rarely, words match; None if a query has no words.

    Ascending, the best first. Entries without any of the words come last, all alike.
    """
    wanted = [part for part in _wanted(node, DEFAULT) if isinstance(part, Indexed)]
    whole = any_of(wanted)
    if not isinstance(whole, Indexed):
        return None
    # A word in the title says more about an entry than the same word in its content.
    score = "bm25(entry_words, 4.0, 1.0, 2.0, 1.0)"
    return Ranking(
        f"LEFT JOIN (SELECT rowid AS number, {score} AS score FROM entry_words"
        " WHERE entry_words MATCH ?) AS relevance ON relevance.number = entry.number",
        "coalesce(relevance.score, 0)",
        (whole.expression,),
    )


def index_row(entry: Entry) -> tuple[str, str, str, str]:
    """Return the folded words of an entry: title, content, summary beside, summary within.

    The summary's words stand in the one column if they belong to the text besides the
    content's, else in the other, so that ``text`` and ``summary:`` are both sets of columns.
    """
    summary = index_words(entry.summary)
    beside, within = (summary, "") if summary_counts(entry) else ("", summary)
    return index_words(entry.title), index_words(entry.content), beside, within


# --- the tree -------------------------------------------------------------------------------------


class _Compiler:
    """Goes down a tree; one case a construct."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def part(self, node: Node, field: str) -> Part:
        """Return what a node means within a field."""
        match node:
            case Field():
                return self.part(node.operand, node.name)
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

    def leaf(self, node: Leaf, field: str) -> Part:
        """Return what a term, value or period means."""
        match node:
            case Word() | Phrase() | Wildcard() | Exact():
                return _term(node, field)
            case Value():
                return _VALUES[field](node.text)
            case DateRange() | DateComparison():
                return self.period(node)
            case _:
                assert_never(node)

    def period(self, node: DateRange | DateComparison) -> Where:
        """A date within a period; the stored times sort as text."""
        column = "entry.first_seen" if node.name == "seen" else "entry.published"
        first, after = bounds(node, self.now)
        sql, parameters = f"{column} IS NOT NULL", list[object]()
        if first is not None:
            sql += f" AND {column} >= ?"
            parameters.append(stamp(first))
        if after is not None:
            sql += f" AND {column} < ?"
            parameters.append(stamp(after))
        return Where(sql, tuple(parameters))


def _wanted(node: Node, field: str) -> Iterator[Part]:
    """Yield the terms of a query that stand behind no NOT."""
    match node:
        case Field():
            yield from _wanted(node.operand, node.name)
        case And() | Or():
            for operand in node.operands:
                yield from _wanted(operand, field)
        case Word() | Phrase() | Wildcard() | Exact():
            yield _term(node, field)
        case _:
            pass


# --- terms ----------------------------------------------------------------------------------------

_COLUMNS = {
    "text": "{title content summary_beside}",
    "lead": "{title content summary_beside}",
    "title": "{title}",
    "summary": "{summary_beside summary_within}",
    "content": "{content}",
}

_VALUE_WORDS = {
    "author": "entry.author_words",
    "category": "entry.category_words",
    "feed": "feed.name_words",
}


@dataclass(frozen=True, slots=True)
class _Words:
    """Words in a row; with ``is_prefix`` the last may have any ending."""

    words: str
    is_prefix: bool


_Places = tuple[tuple[_Words, ...], ...]
"""For each place of a phrase, what may stand there."""


def _term(term: Term, field: str) -> Part:
    ways, exact = _ways(pattern(term))
    if FIELDS[field].kind == "text":
        return _in_texts(ways, field, exact)
    where = _in_values(ways, _VALUE_WORDS[field], exact)
    if field == "feed" and not isinstance(term, Wildcard):
        return join_wheres("OR", (where, Where("? IN (feed.key, feed.url)", (term.text,))))
    return where


def _ways(looked_for: Pattern) -> tuple[tuple[_Places, ...], bool]:
    """Return the ways in which a pattern may stand in a text, and whether that says all of it.

    Few forms are spelled out as phrases; of many only the words are asked for.
    """
    forms = sum(prod(map(len, sequence)) for sequence in looked_for.sequences)
    if forms <= MAX_FORMS or all(len(sequence) == 1 for sequence in looked_for.sequences):
        phrases = tuple(
            _Words(" ".join(form), looked_for.is_prefix)
            for sequence in looked_for.sequences
            for form in product(*sequence)
        )
        return ((phrases,),), True
    return tuple(_places(each, looked_for.is_prefix) for each in looked_for.sequences), False


def _places(sequence: tuple[Alternatives, ...], is_prefix: bool) -> _Places:
    last = len(sequence) - 1
    return tuple(
        tuple(_Words(word, is_prefix and place == last) for word in alternatives)
        for place, alternatives in enumerate(sequence)
    )


def _in_texts(ways: tuple[_Places, ...], field: str, exact: bool) -> Indexed:
    expression = _nested(
        [_nested([_nested(map(_quoted, place), "OR") for place in way], "AND") for way in ways],
        "OR",
    )
    weight = sum(len(place) for way in ways for place in way)
    # Which words are the first of a text, the index cannot say.
    return Indexed(f"{_COLUMNS[field]} : {expression}", 3, weight, exact and field != "lead")


def _nested(expressions: Iterable[str], operator: str) -> str:
    return f"({f' {operator} '.join(expressions)})"


def _quoted(phrase: _Words) -> str:
    """Return a phrase in FTS5's syntax; folded words hold no quotes."""
    return f'"{phrase.words}" *' if phrase.is_prefix else f'"{phrase.words}"'


def _in_values(ways: tuple[_Places, ...], column: str, exact: bool) -> Where:
    """Look among the words of the values, each of which stands between spaces."""

    def contains(phrase: _Words) -> Where:
        part = f" {phrase.words}" if phrase.is_prefix else f" {phrase.words} "
        return Where(f"instr({column}, ?) > 0", (part,))

    def one_place(place: tuple[_Words, ...]) -> Where:
        return join_wheres("OR", [contains(phrase) for phrase in place])

    whole = join_wheres("OR", [join_wheres("AND", list(map(one_place, way))) for way in ways])
    return replace(whole, exact=exact and whole.exact)


# --- values ---------------------------------------------------------------------------------------


def _tag(name: str) -> Where:
    return Where(
        "entry.number IN (SELECT entry FROM entry_tag WHERE tag = ? AND removed IS NULL)", (name,)
    )


def _label(label: str) -> Where:
    return Where("feed.number IN (SELECT feed FROM feed_label WHERE label = ?)", (label,))


def _language(code: str) -> Where:
    return Where(
        "instr(lower(coalesce(nullif(entry.language, ''), 'und')) || '-', ?) = 1", (f"{code}-",)
    )


def _id(beginning: str) -> Where:
    behind = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    return Where("entry.id >= ? AND entry.id < ?", (beginning, behind))


def _site(host: str) -> Where:
    ending = f".{host}"
    return Where("substr('.' || coalesce(entry.site, ''), ?) = ?", (-len(ending), ending))


def _url(part: str) -> Where:
    return Where("instr(lower(coalesce(entry.link, '')), ?) > 0", (ascii_lower(part),))


_HAS = {
    "enclosure": "entry.enclosures <> '[]'",
    "image": "coalesce(entry.image, '') <> ''",
    "content": "entry.content <> ''",
    "author": "entry.authors <> '[]'",
    "date": "entry.published IS NOT NULL",
}


def _has(name: str) -> Where:
    return Where(_HAS[name])


_VALUES: dict[str, Callable[[str], Where]] = {
    "tag": _tag,
    "label": _label,
    "lang": _language,
    "id": _id,
    "site": _site,
    "url": _url,
    "has": _has,
}
