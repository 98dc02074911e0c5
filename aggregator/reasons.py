"""Why an entry carries a tag, or does not: rules beside entries, as values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from aggregator.model.entries import Evidence, Tag, TaggedEntry
from aggregator.query.match import find, read
from aggregator.query.misses import miss
from aggregator.query.nodes import And, Node
from aggregator.query.printing import show
from aggregator.query.reading import Reading
from aggregator.tagging import ANY_TIME, Rule, Score, Weighed, tag, total, weigh


@dataclass(frozen=True, slots=True)
class Scored:
    """A score and what came of it: the clauses that hold, with their points."""

    score: Score
    weighed: tuple[Weighed, ...]

    @property
    def total(self) -> float:
        """The sum of the points."""
        return total(self.weighed)


@dataclass(frozen=True, slots=True)
class Given:
    """A tag that an entry carries; ``rule`` is today's, None where no rule gives the tag.

    ``scored`` is what the rule's score comes to today, None where it has none.
    """

    tag: Tag
    rule: Rule | None
    scored: Scored | None = None

    @property
    def is_old(self) -> bool:
        """Whether an earlier version of the rule gave the tag."""
        return self.rule is not None and self.rule.version != self.tag.rule_version

    @property
    def implied_by(self) -> tuple[str, ...]:
        """The tags that alone gave it, because their rules imply it."""
        names = self.rule.implied_by if self.rule else ()
        evidence = self.tag.evidence
        alone = all(piece.field == "tag" and piece.value in names for piece in evidence)
        return tuple(piece.value for piece in evidence) if alone else ()


@dataclass(frozen=True, slots=True)
class Unmet:
    """A part of a rule that does not hold.

    ``nearest`` is the part of it that is missed by least; ``kind``, ``sentence`` and
    ``evidence`` say how (see `aggregator.query.shortfalls`).
    """

    part: str
    nearest: str
    kind: str
    sentence: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def excluded_by(self) -> tuple[Evidence, ...]:
        """What occurs although the part forbids it."""
        return self.evidence if self.kind == "excluded" else ()


@dataclass(frozen=True, slots=True)
class Missed:
    """A tag that an entry does not carry.

    ``unmet`` are the parts of today's rule that do not hold: () where the rule would give the
    tag today, or where no rule is known (``rule`` is None).
    """

    name: str
    rule: Rule | None
    unmet: tuple[Unmet, ...] = ()
    scored: Scored | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """An entry with the tags in question."""

    subject: TaggedEntry
    given: tuple[Given, ...]
    missed: Missed | None = None


def explain(subject: TaggedEntry, rules: Mapping[str, Rule], name: str | None) -> Explained:
    """Explain all tags that an entry carries, or why it carries one, or does not."""
    tags = [tag for tag in subject.tags if name in (None, tag.name)]
    if name is not None and not tags:
        return Explained(subject, (), missed(_today(subject, rules), rules, name))
    return Explained(subject, tuple(_given(tag, rules, subject) for tag in tags))


def missed(subject: TaggedEntry, rules: Mapping[str, Rule], name: str) -> Missed:
    """Explain why an entry, which carries the tags that the rules give, does not carry one."""
    rule = rules.get(name)
    if rule is None:
        return Missed(name, None)
    if any(tag.name == name for tag in subject.tags):
        return Missed(name, rule)
    reading = read(subject)
    scored = _scored(rule, reading)
    return Missed(name, rule, tuple(_unmet(rule, scored, reading)), scored)


def _given(tag: Tag, rules: Mapping[str, Rule], subject: TaggedEntry) -> Given:
    rule = rules.get(tag.name)
    if rule is None or rule.score is None:
        return Given(tag, rule)
    return Given(tag, rule, _scored(rule, read(_today(subject, rules))))


def _today(subject: TaggedEntry, rules: Mapping[str, Rule]) -> TaggedEntry:
    """Return an entry with the tags that today's rules give: a rule may refer to them."""
    return replace(subject, tags=tag(subject, tuple(rules.values())))


def _scored(rule: Rule, reading: Reading) -> Scored | None:
    return None if rule.score is None else Scored(rule.score, weigh(rule.score, reading))


def _unmet(rule: Rule, scored: Scored | None, reading: Reading) -> Iterator[Unmet]:
    if rule.feeds and find(rule.feeds.query, reading, ANY_TIME) is None:
        yield _lacking(rule.feeds.query, reading, "feeds: ")
    operands = rule.query.operands if isinstance(rule.query, And) else (rule.query,)
    for operand in operands:
        if operand is not None and find(operand, reading, ANY_TIME) is None:
            yield _lacking(operand, reading)
    if scored and scored.total < scored.score.threshold:
        told = f"The clauses that hold come to {scored.total:g}, not {scored.score.threshold:g}."
        yield Unmet("score", "score", "score", told)
    if rule.implied_by and not any((rule.query, rule.score, rule.feeds)):
        names = " or ".join(rule.implied_by)
        told = f"Only another tag gives it: {names}, which the entry does not carry."
        yield Unmet("implied", "implied", "implied", told)


def _lacking(node: Node, reading: Reading, label: str = "") -> Unmet:
    found = miss(node, reading, ANY_TIME)
    assert found is not None
    return Unmet(
        f"{label}{show(node)}", show(found.part), found.kind, found.sentence, found.evidence
    )
