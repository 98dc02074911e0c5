"""A rule's version: a hash of everything that can change what it tags, and of nothing else.

That is what it asks for, with the terms of every list it mentions (not the lists' names), its
score, its scope, the versions of the tags that it refers to and of the rules that imply it, and
what `label:` and `feed:` mean today: who carries the label, what the feeds are called. Titles,
descriptions, codes and examples do not count. The order of terms does, harmlessly: a rule that
is only re-ordered gets another version, and its tags are looked at again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aggregator.config.lists import TermList
from aggregator.config.mentions import mentioned
from aggregator.model.feeds import Subscription
from aggregator.query.nodes import And, AtLeast, Except, Field, Listed, Near, Node, Not, Or
from aggregator.query.printing import show
from aggregator.tagging import Rule, version_of


class Versions:
    """Gives rules their versions, knowing the lists, and the feeds with their labels and names."""

    def __init__(self, lists: Sequence[TermList], subscriptions: Sequence[Subscription]) -> None:
        urls: dict[str, list[str]] = {}
        for feed in subscriptions:
            for label in feed.labels:
                urls.setdefault(label, []).append(feed.url)
        self._carriers = {label: version_of(sorted(carriers)) for label, carriers in urls.items()}
        self._names = version_of(sorted(f"{feed.url} {feed.name}" for feed in subscriptions))
        self._lists: dict[str, str] = {}
        for each in lists:
            self._lists[each.name] = version_of([self._text(each.node)])

    def of(self, rule: Rule, rules: Mapping[str, Rule]) -> str:
        """Return a rule's version; ``rules`` holds those that stand behind it, with theirs."""
        return version_of(
            (
                "" if rule.query is None else self._text(rule.query),
                "" if rule.feeds is None else rule.feeds.query_text,
                *self._score(rule),
                *(f"refers to {name} {rules[name].version}" for name in rule.refers_to),
                *(f"implied by {name} {rules[name].version}" for name in rule.implied_by),
                *self._facts(rule.queries()),
            )
        )

    def _score(self, rule: Rule) -> tuple[str, ...]:
        if rule.score is None:
            return ()
        clauses = (
            f"{clause.weight} {clause.per_hit} {clause.at_most} {self._text(clause.query)}"
            for clause in rule.score.clauses
        )
        return f"score {rule.score.threshold}", *clauses

    def _facts(self, queries: Sequence[Node]) -> tuple[str, ...]:
        labels = sorted({label.text for node in queries for label in mentioned(node, "label")})
        carriers = (f"{label} {self._carriers.get(label)}" for label in labels)
        speaks_of_feeds = any(True for node in queries for _ in mentioned(node, "feed"))
        return (*carriers, self._names) if speaks_of_feeds else tuple(carriers)

    def _text(self, node: Node) -> str:
        return show(self._unnamed(node))

    def _unnamed(self, node: Node) -> Node:
        """Put in the place of each list's name the version of its terms."""
        match node:
            case Listed():
                return replace(node, name=self._lists.get(node.name, node.name))
            case Field() | Not() | AtLeast():
                return replace(node, operand=self._unnamed(node.operand))
            case And() | Or():
                return replace(node, operands=tuple(map(self._unnamed, node.operands)))
            case Near():
                return replace(node, left=self._unnamed(node.left), right=self._unnamed(node.right))
            case Except():
                return replace(
                    node, kept=self._unnamed(node.kept), dropped=self._unnamed(node.dropped)
                )
            case _:
                return node
