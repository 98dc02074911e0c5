"""The ``terms:`` sections → named lists of terms, each one hit expression that queries share."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from aggregator.config.mentions import lists_in
from aggregator.config.queries import Asked, read_query
from aggregator.config.reading import Problems, items, named
from aggregator.config.tree import Scalar, Value
from aggregator.query.limits import MAX_TERMS
from aggregator.query.nodes import Node, Or, Phrase, leaves
from aggregator.query.syntax import parse_item
from aggregator.tagging import find_circle

MAX_NAME = 64
MAX_DEPTH = 10
"""Lists may mention lists that mention lists, so often: nobody reads more, and no stack ends."""

_NAME = re.compile(r"[^\W_](?:[\w.-]*\w)?")


@dataclass(frozen=True, slots=True)
class TermList:
    """A list as it is written: its name's place, its items, and the expression of them all."""

    name: str
    place: Scalar
    items: tuple[Asked, ...]
    node: Node


def read_lists(sections: Iterable[Value], problems: Problems) -> tuple[TermList, ...]:
    """Read the lists of all files, each behind those that it mentions.

    A list that is wrong in itself is noted, and may be mentioned all the same.
    """
    written = _written(sections, problems)
    standing = {name: _standing_in(name) for name in written}
    mentions: dict[str, tuple[str, ...]] = {}
    read: dict[str, tuple[Asked, ...]] = {}
    for name, (_, texts) in written.items():
        read[name] = asked = _asked(texts, standing, problems)
        mentions[name] = tuple(
            dict.fromkeys(found.name for each in asked for found in lists_in(each.node))
        )
    if circle := find_circle(mentions):
        told = f"The lists mention each other in a circle: {' → '.join(circle)}."
        problems.at(written[circle[0]][0], told)
        return tuple(TermList(name, written[name][0], (), standing[name]) for name in written)
    return _in_order(written, mentions, read, problems)


def _written(
    sections: Iterable[Value], problems: Problems
) -> dict[str, tuple[Scalar, tuple[Value, ...]]]:
    """Return the names with their places and what is written below them; each name once."""
    written: dict[str, tuple[Scalar, tuple[Value, ...]]] = {}
    places: dict[str, Scalar] = {}
    for value in sections:
        for key, of_key in named(value, "`terms`", problems):
            earlier = places.setdefault(key.value.casefold(), key)
            if earlier is not key:
                told = f"{earlier.source.path}:{earlier.source.line(earlier.start)}"
                problems.at(key, f"The list {key.value!r} is given twice, first in {told}.")
                continue
            written[key.value] = (key, _texts(key, of_key, problems))
    return written


def _texts(key: Scalar, value: Value, problems: Problems) -> tuple[Value, ...]:
    if not _NAME.fullmatch(key.value) or len(key.value) > MAX_NAME:
        problems.at(
            key,
            f"{key.value!r} cannot be a list's name: letters, digits, and between them `-`, `_`"
            f" and `.`, at most {MAX_NAME}; queries say ${key.value.strip() or 'name'}.",
        )
    if isinstance(value, Scalar) and value.empty():
        problems.at(key, f"The list {key.value!r} is empty: write its terms below, `- ` each.")
        return ()
    found = tuple(items(value, f"the list {key.value!r}", problems))
    if not found and not isinstance(value, Scalar):
        problems.at(key, f"The list {key.value!r} is empty: write its terms below, `- ` each.")
    return found


def _standing_in(name: str) -> Node:
    """Return what stands for a list while it is only asked who mentions it."""
    return Phrase(name)


def _asked(
    texts: Iterable[Value], lists: Mapping[str, Node], problems: Problems
) -> tuple[Asked, ...]:
    def parse(text: str) -> Node:
        return parse_item(text, lists)

    read = (read_query(value, parse, problems, comment_ends_it=True) for value in texts)
    return tuple(asked for asked in read if asked is not None)


def _in_order(
    written: Mapping[str, tuple[Scalar, tuple[Value, ...]]],
    mentions: Mapping[str, tuple[str, ...]],
    read: Mapping[str, tuple[Asked, ...]],
    problems: Problems,
) -> tuple[TermList, ...]:
    """Read items that mention lists again, now that these are known."""
    lists: dict[str, TermList] = {}
    nodes: dict[str, Node] = {}
    depths: dict[str, int] = {}
    for name in TopologicalSorter(mentions).static_order():
        place = written[name][0]
        depths[name] = 1 + max((depths[other] for other in mentions[name]), default=0)
        asked = read[name]
        if mentions[name]:
            asked = _asked((each.scalar for each in asked), nodes, problems)
        node = _joined(asked) or _standing_in(name)
        told = _too_much(name, node, depths[name])
        if told is not None:
            problems.at(place, told)
            node, depths[name] = _standing_in(name), 1
        nodes[name] = node
        lists[name] = TermList(name, place, asked, node)
    return tuple(lists.values())


def _joined(asked: tuple[Asked, ...]) -> Node | None:
    nodes = tuple(each.node for each in asked)
    return Or(nodes) if len(nodes) > 1 else next(iter(nodes), None)


def _too_much(name: str, node: Node, depth: int) -> str | None:
    if depth > MAX_DEPTH:
        return f"The list {name!r} mentions lists that mention lists, more than {MAX_DEPTH} deep."
    if sum(1 for _ in zip(leaves(node), range(MAX_TERMS + 1), strict=False)) > MAX_TERMS:
        return (
            f"The list {name!r} has more than {MAX_TERMS:,} terms, those of the lists that it"
            " mentions included: divide it into several."
        )
    return None


def nodes_of(lists: Iterable[TermList]) -> Mapping[str, Node]:
    """Return what stands for each ``$name``."""
    return {each.name: each.node for each in lists}
