"""Why an entry carries a tag, or does not: rules beside entries, as values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from aggregator.model import Evidence, Tag, TaggedEntry
from aggregator.query.match import find, read
from aggregator.query.nodes import And, Node, Not, show
from aggregator.query.reading import Reading
from aggregator.tagging import ANY_TIME, Rule, tag


@dataclass(frozen=True, slots=True)
class Given:
    """A tag that an entry carries; ``rule`` is today's, None where no rule gives the tag."""

    tag: Tag
    rule: Rule | None

    @property
    def is_old(self) -> bool:
        """Whether an earlier version of the rule gave the tag."""
        return self.rule is not None and self.rule.version != self.tag.rule_version


@dataclass(frozen=True, slots=True)
class Unmet:
    """A part of a rule that does not hold.

    ``excluded_by`` is what occurs although the part (a NOT) forbids it.
    """

    part: str
    excluded_by: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """A tag that an entry does not carry.

    ``unmet`` are the parts of today's rule that do not hold: () where the rule would give the
    tag today, or where no rule is known (``rule`` is None).
    """

    name: str
    rule: Rule | None
    unmet: tuple[Unmet, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """An entry with the tags in question."""

    subject: TaggedEntry
    given: tuple[Given, ...]
    missed: Missed | None = None


def explain(subject: TaggedEntry, rules: Mapping[str, Rule], name: str | None) -> Explained:
    """Explain all tags that an entry carries, or why it carries one, or does not."""
    given = tuple(
        Given(tag, rules.get(tag.name)) for tag in subject.tags if name in (None, tag.name)
    )
    if name is None or given:
        return Explained(subject, given)
    return Explained(subject, (), _missed(subject, rules, name))


def _missed(subject: TaggedEntry, rules: Mapping[str, Rule], name: str) -> Missed:
    rule = rules.get(name)
    if rule is None:
        return Missed(name, None)
    # A rule may refer to tags: those that today's rules give.
    today = replace(subject, tags=tag(subject, tuple(rules.values())))
    return Missed(name, rule, tuple(_unmet(rule, read(today))))


def _unmet(rule: Rule, reading: Reading) -> Iterator[Unmet]:
    if rule.feeds and find(rule.feeds.query, reading, ANY_TIME) is None:
        yield Unmet(f"feeds: {show(rule.feeds.query)}")
    if rule.query is None:
        return
    operands = rule.query.operands if isinstance(rule.query, And) else (rule.query,)
    for operand in operands:
        if find(operand, reading, ANY_TIME) is None:
            yield Unmet(show(operand), _excluding(operand, reading))


def _excluding(operand: Node, reading: Reading) -> tuple[Evidence, ...]:
    found = find(operand.operand, reading, ANY_TIME) if isinstance(operand, Not) else None
    return found or ()
