"""Rules → the tags of an entry, each with its evidence."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import CycleError, TopologicalSorter

from aggregator.model import Evidence, Tag, TaggedEntry
from aggregator.query.match import find, read
from aggregator.query.nodes import Node
from aggregator.query.reading import Reading

MAX_EVIDENCE = 50
"""Spans kept for one tag of one entry: the first ones; more would explain nothing better."""

_MEANING = "1"
"""Part of every rule's version: raised when the same rule comes to mean something else."""

_TEXT_ORDER = {"title": 0, "summary": 1, "content": 2}

ANY_TIME = datetime.min.replace(tzinfo=UTC)
"""Rules may not count from now, so that the time they are given does not matter."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The feeds that a rule is confined to, as a query on their labels, languages and names."""

    query: Node
    query_text: str


@dataclass(frozen=True, slots=True)
class Example:
    """An invented entry that a rule must tag, or must not; ``line`` (from 1) is where it stands."""

    path: str
    line: int
    title: str = ""
    summary: str = ""
    content: str = ""
    language: str | None = None
    url: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What gives a tag; ``name`` is the tag's.

    ``query`` is None where the scope, ``feeds``, alone decides; at least one of them is given.
    ``refers_to`` are the tags that the query asks for. ``version`` is a hash of all that can
    change what the rule tags. ``line`` (from 1) is where it stands in the file ``path``.
    """

    name: str
    title: str
    query: Node | None
    query_text: str
    version: str
    description: str = ""
    feeds: Scope | None = None
    refers_to: tuple[str, ...] = ()
    examples_match: tuple[Example, ...] = ()
    examples_no_match: tuple[Example, ...] = ()
    path: str = ""
    line: int = 1


def tag(subject: TaggedEntry, rules: tuple[Rule, ...]) -> tuple[Tag, ...]:
    """Return the tags that ``rules``, ordered by `order_rules`, give an entry, in that order.

    Tags that the entry carried before count for nothing: ``tag:`` refers to those given here.
    """
    tags: tuple[Tag, ...] = ()
    reading = read(subject).carrying(tags)
    for rule in rules:
        evidence = _evidence(rule, reading)
        if evidence is not None:
            tags = (*tags, Tag(rule.name, rule.version, evidence))
            reading = reading.carrying(tags)
    return tags


def _evidence(rule: Rule, reading: Reading) -> tuple[Evidence, ...] | None:
    within = () if rule.feeds is None else find(rule.feeds.query, reading, ANY_TIME)
    if within is None or rule.query is None:
        return within
    found = find(rule.query, reading, ANY_TIME)
    return None if found is None else tidy(found)


def tidy(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return each span once, in reading order (texts before metadata), at most `MAX_EVIDENCE`."""
    distinct = sorted(
        set(evidence),
        key=lambda span: (
            _TEXT_ORDER.get(span.field, 3),
            span.field,
            span.start,
            span.end,
            span.value,
        ),
    )
    return tuple(distinct[:MAX_EVIDENCE])


def order_rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules so that each stands behind those it refers to.

    Raises ValueError where references make a circle (`find_circle` names it).
    """
    by_name = {rule.name: rule for rule in rules}
    references = {rule.name: rule.refers_to for rule in rules}
    if circle := find_circle(references):
        raise ValueError(f"The rules refer to each other in a circle: {' → '.join(circle)}.")
    return tuple(by_name[name] for name in TopologicalSorter(references).static_order())


def find_circle(references: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names along a circle of references, the first one again at the end; () if none."""
    try:
        TopologicalSorter(references).prepare()
    except CycleError as error:
        # graphlib goes from what is referred to; we tell who refers.
        return tuple(reversed(error.args[1]))
    return ()


def version_of(parts: Iterable[str]) -> str:
    """Return the version of a rule that ``parts`` make out: twelve hexadecimal digits."""
    digest = hashlib.sha256()
    for part in (_MEANING, *parts):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()[:12]
