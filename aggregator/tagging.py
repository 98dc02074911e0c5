"""Rules → the tags of an entry, each with its evidence."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from graphlib import CycleError, TopologicalSorter

from aggregator.model.entries import Evidence, Tag, TaggedEntry
from aggregator.query.hits import apart
from aggregator.query.match import find, read
from aggregator.query.nodes import Node
from aggregator.query.reading import Reading

MAX_EVIDENCE = 50
"""Spans kept for one tag of one entry: the first ones; more would explain nothing better."""

_MEANING = "2"
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
class Clause:
    """A part of a score: where ``query`` matches, it adds ``weight``, which may be negative.

    Once, or ``per_hit`` for each hit that overlaps no other one, at most ``at_most`` times.
    """

    query: Node
    query_text: str
    weight: float
    per_hit: bool = False
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Clauses whose points must come to ``threshold``, which is above 0, or more."""

    clauses: tuple[Clause, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class Rule:
    """What gives a tag; ``name`` is the tag's.

    The parts present (``query``, ``score``, ``feeds``) must all hold; ``query`` is what `query`,
    `any`, `all` and `none` come to. A rule without any of them gives its tag only where another
    rule implies it.

    ``refers_to`` are the tags that its queries ask for, ``implies`` those that it gives besides
    its own, and ``implied_by`` the rules that imply it. ``code`` is the tag's id in an outside
    scheme. ``version`` is a hash of all that can change what the rule tags. ``line`` (from 1) is
    where it stands in the file ``path``, ``written`` what stands there.
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
    score: Score | None = None
    implies: tuple[str, ...] = ()
    implied_by: tuple[str, ...] = ()
    code: str | None = None
    written: str = ""

    def queries(self) -> tuple[Node, ...]:
        """Return all that the rule asks: its query, its score's clauses, its scope."""
        clauses = () if self.score is None else self.score.clauses
        asked = (self.query, *(clause.query for clause in clauses))
        scope = None if self.feeds is None else self.feeds.query
        return tuple(node for node in (*asked, scope) if node is not None)

    def stands_behind(self) -> tuple[str, ...]:
        """Return the rules that must be applied before this one."""
        return tuple(dict.fromkeys((*self.refers_to, *self.implied_by)))


def tag(subject: TaggedEntry, rules: tuple[Rule, ...]) -> tuple[Tag, ...]:
    """Return the tags that ``rules``, ordered by `order_rules`, give an entry, in that order.

    Tags that the entry carried before count for nothing: ``tag:`` refers to those given here.
    """
    tags: tuple[Tag, ...] = ()
    reading = read(subject).carrying(tags)
    for rule in rules:
        evidence = evidence_of(rule, reading)
        if evidence is not None:
            tags = (*tags, Tag(rule.name, rule.version, evidence))
            reading = reading.carrying(tags)
    return tags


def evidence_of(rule: Rule, reading: Reading) -> tuple[Evidence, ...] | None:
    """Return why a rule gives its tag to an entry that carries the tags before it; None if not.

    Where only another tag implies it, the evidence is that tag's name.
    """
    own = _own_evidence(rule, reading)
    if own is not None or not rule.implied_by:
        return own
    given = {tag.name for tag in reading.subject.tags}
    implying = [name for name in rule.implied_by if name in given]
    return tuple(Evidence("tag", 0, len(name), name) for name in implying) or None


def _own_evidence(rule: Rule, reading: Reading) -> tuple[Evidence, ...] | None:
    if rule.query is None and rule.score is None:
        return None if rule.feeds is None else find(rule.feeds.query, reading, ANY_TIME)
    if rule.feeds is not None and find(rule.feeds.query, reading, ANY_TIME) is None:
        return None
    found = () if rule.query is None else find(rule.query, reading, ANY_TIME)
    scored = () if found is None or rule.score is None else _reached(rule.score, reading)
    return None if found is None or scored is None else tidy((*found, *scored))


# --- scores -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clause that was true: how often it counted, what that came to, and why."""

    clause: Clause
    times: int
    points: float
    evidence: tuple[Evidence, ...]


def weigh(score: Score, reading: Reading) -> tuple[Weighed, ...]:
    """Return the clauses that are true of an entry, with their points."""
    weighed = []
    for clause in score.clauses:
        found = find(clause.query, reading, ANY_TIME)
        if found is not None:
            times = _times(clause, found)
            weighed.append(Weighed(clause, times, times * clause.weight, found))
    return tuple(weighed)


def total(weighed: Iterable[Weighed]) -> float:
    """Return what clauses come to; thousandths are exact, so that 0.1 + 0.2 reaches 0.3."""
    return round(math.fsum(each.points for each in weighed), 6)


def _times(clause: Clause, found: tuple[Evidence, ...]) -> int:
    if not clause.per_hit:
        return 1
    texts: dict[str, list[tuple[int, int]]] = {}
    for span in found:
        text = span.field if span.field in _TEXT_ORDER else f"{span.field} {span.value}"
        texts.setdefault(text, []).append((span.start, span.end))
    hits = max(1, sum(map(apart, texts.values())))
    return hits if clause.at_most is None else min(hits, clause.at_most)


def _reached(score: Score, reading: Reading) -> tuple[Evidence, ...] | None:
    weighed = weigh(score, reading)
    if total(weighed) < score.threshold:
        return None
    return tuple(span for each in weighed if each.clause.weight > 0 for span in each.evidence)


# --- evidence, order, versions ----------------------------------------------------------------


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
    """Return the rules so that each stands behind those it refers to, and those that imply it.

    Raises ValueError where they make a circle (`find_circle` names it).
    """
    by_name = {rule.name: rule for rule in rules}
    references = {rule.name: rule.stands_behind() for rule in rules}
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
