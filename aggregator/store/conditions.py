"""Parts of a condition in SQL, and how AND, OR and NOT join them within the limits of SQLite.

What stands in the full-text index is kept together as long as possible, because the index
joins better than SQL. A part that is not ``exact`` is a superset of what it stands for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from aggregator.store.database import listed

# Beyond these the parsers of FTS5 and of SQL overflow, or the former gets slow: they give up at
# about 30 brackets, and SQL at 1,000 operators in a row.
_MAX_INDEX_DEPTH = 20
_MAX_PHRASES = 20_000
# For every row that it finds, FTS5 asks every operand of an OR: long ones are cut into pieces.
_MAX_CHOICES = 200
_MAX_SQL_DEPTH = 12
_MAX_COMPARISONS = 400


@dataclass(frozen=True, slots=True)
class Indexed:
    """An expression of the full-text index: how deep its brackets go, how many phrases it has."""

    expression: str
    depth: int
    weight: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Where:
    """An expression of SQL: how deep its brackets go, how many comparisons it has."""

    sql: str
    parameters: tuple[object, ...] = ()
    depth: int = 0
    weight: int = 1
    exact: bool = True


Part = Indexed | Where

ANYTHING = Where("1", exact=False)
"""What holds for every entry, where we cannot say it better."""

NOTHING = Where("0")
"""What holds for no entry."""


def as_where(part: Part) -> Where:
    """Return the part as SQL."""
    match part:
        case Where():
            return part
        case Indexed():
            sql = "entry.number IN (SELECT rowid FROM entry_words WHERE entry_words MATCH ?)"
            return Where(sql, (part.expression,), exact=part.exact)
        case _:
            assert_never(part)


def all_of(parts: Sequence[Part], excluded: Sequence[Indexed] = ()) -> Part:
    """Return what holds where all parts do, and none of the excluded, which are exact."""
    exact = all(part.exact for part in parts)
    indexed = _join_indexed("AND", [part for part in parts if isinstance(part, Indexed)])
    without = choices(excluded)
    if len(indexed) == 1 and len(without) == 1:
        joined = f"({indexed[0].expression}) NOT ({without[0].expression})"
        indexed = _limited(joined, (indexed[0], without[0])) or indexed
        without = [] if indexed[0].expression == joined else without
    wheres = [
        *map(as_where, indexed),
        *map(negated, _one_of(without)),
        *(part for part in parts if isinstance(part, Where) and part != ANYTHING),
    ]
    if len(indexed) == 1 == len(wheres):
        return replace(indexed[0], exact=exact)
    whole = join_wheres("AND", wheres) if wheres else ANYTHING
    return replace(whole, exact=exact and whole.exact)


def any_of(parts: Sequence[Part]) -> Part:
    """Return what holds where one of the parts does."""
    if ANYTHING in parts or not parts:
        return ANYTHING
    indexed = choices(part for part in parts if isinstance(part, Indexed))
    wheres = [part for part in dict.fromkeys(parts) if isinstance(part, Where)]
    if len(indexed) == 1 and not wheres:
        return indexed[0]
    return join_wheres("OR", [*_one_of(indexed), *wheres])


def choices(parts: Iterable[Indexed]) -> list[Indexed]:
    """Return an OR as the few expressions that it is cut into; none is too deep or too heavy."""
    pieces: list[list[Indexed]] = [[]]
    weight = 0
    for part in dict.fromkeys(parts):
        weight += part.weight
        if pieces[-1] and weight > _MAX_CHOICES:
            pieces.append([])
            weight = part.weight
        pieces[-1].append(part)
    return [each for piece in pieces for each in _join_indexed("OR", piece)]


def _one_of(indexed: Sequence[Indexed]) -> list[Where]:
    """Return an OR of expressions as one comparison, however many they are."""
    if len(indexed) < 2:
        return list(map(as_where, indexed))
    sql = (
        "entry.number IN (SELECT entry_words.rowid FROM json_each(?) AS choice"
        " CROSS JOIN entry_words ON entry_words MATCH choice.value)"
    )
    expressions = listed(part.expression for part in indexed)
    return [Where(sql, (expressions,), exact=all(part.exact for part in indexed))]


def negated(part: Part) -> Where:
    """Return where a part does not hold; `ANYTHING` where that is more than SQLite reads.

    A superset's complement says nothing at all.
    """
    where = as_where(part)
    if not where.exact or where.depth >= _MAX_SQL_DEPTH:
        return ANYTHING
    return replace(where, sql=f"NOT ({where.sql})", depth=where.depth + 1)


def _join_indexed(operator: Literal["AND", "OR"], parts: Sequence[Indexed]) -> list[Indexed]:
    """Return the parts as one expression, or as they are where that would be too much."""
    parts = list(dict.fromkeys(parts))
    if len(parts) < 2:
        return parts
    expression = f" {operator} ".join(f"({part.expression})" for part in parts)
    return _limited(expression, parts) or parts


def _limited(expression: str, parts: Iterable[Indexed]) -> list[Indexed]:
    """Return the expression made of these parts, unless it is too deep or too heavy."""
    depth = 1 + max(part.depth for part in parts)
    weight = sum(part.weight for part in parts)
    if depth > _MAX_INDEX_DEPTH or weight > _MAX_PHRASES:
        return []
    return [Indexed(expression, depth, weight, all(part.exact for part in parts))]


def join_wheres(operator: Literal["AND", "OR"], parts: Sequence[Where]) -> Where:
    """Return comparisons as one; `ANYTHING` where that is more than SQLite reads."""
    if len(parts) == 1:
        return parts[0]
    depth = 1 + max(part.depth for part in parts)
    weight = sum(part.weight for part in parts)
    if depth > _MAX_SQL_DEPTH or weight > _MAX_COMPARISONS:
        return ANYTHING
    return Where(
        f" {operator} ".join(f"({part.sql})" for part in parts),
        tuple(parameter for part in parts for parameter in part.parameters),
        depth,
        weight,
        all(part.exact for part in parts),
    )
