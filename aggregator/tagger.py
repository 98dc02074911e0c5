"""All rules at once: many entries tagged as `aggregator.tagging.tag` does, but fast."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from heapq import heappop, heappush

from aggregator.model.entries import Tag, TaggedEntry
from aggregator.query.many import Many
from aggregator.query.nodes import And, Field, Node, Or, Value
from aggregator.tagging import Rule, evidence_of


class Tagger:
    """Rules, ordered by `tagging.order_rules`, made ready to tag many entries: `tag`, but fast.

    An entry's words are looked at once, whatever the number of rules, and only those rules are
    asked whose words, or tags, are there. ``frequency`` tells in how many entries a folded word
    occurs, as far as it is known; it decides on speed alone.
    """

    def __init__(self, rules: tuple[Rule, ...], frequency: Mapping[str, int] | None = None) -> None:
        self._rules = rules
        self._places = {rule.name: place for place, rule in enumerate(rules)}
        parts = [query for rule in rules for query in rule.queries()]
        self._queries = Many(list(map(_condition, rules)), parts, frequency)

    def tag(self, subject: TaggedEntry) -> tuple[Tag, ...]:
        """Return the tags that the rules give an entry, in their order."""
        tags: tuple[Tag, ...] = ()
        reading = self._queries.read(replace(subject, tags=tags) if subject.tags else subject)
        asked = self._queries.promising(reading)
        waiting = sorted(asked)
        while waiting:
            place = heappop(waiting)
            rule = self._rules[place]
            evidence = evidence_of(rule, reading)
            if evidence is None:
                continue
            tags = (*tags, Tag(rule.name, rule.version, evidence))
            if not self._queries.mentions(rule.name):
                continue
            reading = reading.carrying(tags)
            for later in self._queries.triggered_by(rule.name):
                if later > place and later not in asked:
                    asked.add(later)
                    heappush(waiting, later)
        return tags

    def given(self, name: str, subject: TaggedEntry) -> Tag | None:
        """Return the tag ``name`` if the rules give it: only what it rests on is asked."""
        reading = self._queries.read(replace(subject, tags=()) if subject.tags else subject)
        tags: tuple[Tag, ...] = ()
        for place in self._resting_on(name):
            rule = self._rules[place]
            evidence = evidence_of(rule, reading)
            if evidence is not None:
                tags = (*tags, Tag(rule.name, rule.version, evidence))
                reading = reading.carrying(tags)
        return tags[-1] if tags and tags[-1].name == name else None

    def _resting_on(self, name: str) -> Sequence[int]:
        """Return the places of a rule and of all that stands behind it, in their order."""
        needed, waiting = {self._places[name]}, [name]
        while waiting:
            for other in self._rules[self._places[waiting.pop()]].stands_behind():
                if self._places[other] not in needed:
                    needed.add(self._places[other])
                    waiting.append(other)
        return sorted(needed)


def _condition(rule: Rule) -> Node:
    """Return what is true wherever a rule gives its tag, and may be true elsewhere."""
    parts = [part.query for part in (rule.feeds,) if part is not None]
    if rule.query is not None:
        parts.append(rule.query)
    if rule.score is not None:
        # A threshold is above 0: without a clause that adds to it, none is reached.
        parts.append(Or(tuple(each.query for each in rule.score.clauses if each.weight > 0)))
    implied = tuple(Field("tag", Value(name)) for name in rule.implied_by)
    return Or((And(tuple(parts)), *implied)) if parts else Or(implied)
