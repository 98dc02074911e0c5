"""A query in the file → its tree, with every mistake pointed at where it stands in the YAML."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from aggregator.config.keys import closest
from aggregator.config.mentions import mentioned
from aggregator.config.reading import Problems
from aggregator.config.spans import body, in_source
from aggregator.config.tree import Scalar, Sequence, Value
from aggregator.errors import QueryError
from aggregator.query.nodes import Node

_BEHIND = re.compile(r"[ \t]*#")

_IN_A_BLOCK = (
    "write it as a block: `query: |`, or `- |` in a list, and the query indented on the next lines."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and the text of the file that says it."""

    node: Node
    scalar: Scalar


def read_query(
    value: Value,
    parse: Callable[[str], Node],
    problems: Problems,
    *,
    comment_ends_it: bool = False,
) -> Asked | None:
    """Read a query by ``parse``, which raises `QueryError`; None, and a problem, if it is none.

    ``comment_ends_it`` for a text in a list of many, behind which YAML's own comment is at home.
    """
    if not isinstance(value, Scalar):
        kind = "list" if isinstance(value, Sequence) else "mapping"
        problems.at(value, f"A query must be a text, not a {kind}: {_IN_A_BLOCK}")
        return None
    comment = _lost_comment(value)
    if comment is not None and not (comment_ends_it and comment >= value.end):
        told = "YAML and the query would read this `#` differently"
        problems.add(value.source.pointed(comment, comment + 1, f"{told}: {_IN_A_BLOCK}"))
        return None
    try:
        return Asked(parse(value.value), value)
    except QueryError as error:
        sentence = f"{error.sentence} {error.hint}" if error.hint else error.sentence
        point(value, error.start, error.end, sentence, problems)
        return None


def point(scalar: Scalar, start: int, end: int, sentence: str, problems: Problems) -> None:
    """Note a problem of the characters ``start:end`` of a scalar's value."""
    start, end = in_source(scalar, start, end)
    problems.add(scalar.source.pointed(start, end, sentence))


def refuse_unknown_tags(asked: Asked, names: tuple[str, ...], problems: Problems) -> None:
    """Note every ``tag:`` that names no tag of the configuration."""
    for name in mentioned(asked.node, "tag"):
        if name.text not in names:
            meant = closest(name.text, names)
            hint = f": did you mean `{meant}`?" if meant else "."
            sentence = f"There is no tag {name.text!r}{hint}"
            point(asked.scalar, name.start, name.end, sentence, problems)


def _lost_comment(scalar: Scalar) -> int | None:
    """Return where a `#` stands that YAML cut off, or joined with the lines after it."""
    text = scalar.source.text
    start, end = body(scalar)
    match scalar.style:
        case "literal":
            return None
        case "folded":
            found = text.find("#", start, end)
        case "single" | "double":
            # On the last line it is the query's own comment; before that, the lines are joined.
            found = text.find("#", start, max(start, text.rfind("\n", start, end)))
        case "plain":
            found = text.find("#", start, end)
            if found < 0 and (behind := _BEHIND.match(text, end)):
                found = behind.end() - 1
    return found if found >= 0 else None
