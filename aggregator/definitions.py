"""A rule as a text that stands for itself, and back: what is kept of rules that were in use.

The text is a JSON object. Queries are canonical; the lists that they call are beside them as they
were then, each behind those that it calls; other rules are named with the version that they had::

    {"query": "Sahel OR $states", "lists": [["states", "Mali OR Niger"]], "title": "The Sahel",
     "feeds": "label:africa",
     "score": {"threshold": 4, "clauses": [{"when": "coup", "weight": 3}]},
     "refers_to": {"sport": "82e9d8dffacf"}, "implied_by": {}}
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aggregator.query.nodes import Node, listed
from aggregator.query.printing import show
from aggregator.query.syntax import parse, parse_item
from aggregator.tagging import Clause, Rule, Scope, Score, order_rules

Lookup = Callable[[str, str], str | None]
"""Given a tag and a version, returns the definition that was kept, None if none was."""


def define(rule: Rule, versions: Mapping[str, str]) -> str:
    """Return the definition of a rule; ``versions`` are those of the rules beside it, by tag."""
    definition: dict[str, object] = {"title": rule.title}
    if rule.query is not None:
        definition["query"] = show(rule.query)
    if rule.feeds is not None:
        definition["feeds"] = show(rule.feeds.query)
    if rule.score is not None:
        definition["score"] = {
            "threshold": rule.score.threshold,
            "clauses": [_clause(clause) for clause in rule.score.clauses],
        }
    if lists := lists_of(rule):
        definition["lists"] = [(name, show(terms)) for name, terms in lists.items()]
    for key, names in (("refers_to", rule.refers_to), ("implied_by", rule.implied_by)):
        if names:
            definition[key] = {name: versions[name] for name in names if name in versions}
    return json.dumps(definition, ensure_ascii=False, sort_keys=True)


def lists_of(rule: Rule) -> dict[str, Node]:
    """Return the lists that a rule calls, by name, each behind those that it calls itself."""
    return {each.name: each.operand for query in rule.queries() for each in listed(query)}


def _clause(clause: Clause) -> dict[str, object]:
    optional = {"per_hit": clause.per_hit or None, "max": clause.at_most}
    told = {key: value for key, value in optional.items() if value is not None}
    return {"when": show(clause.query), "weight": clause.weight, **told}


def rule_from(name: str, version: str, definition: str) -> Rule:
    """Return the rule that `define` wrote down, under the version that it had then.

    Raises `QueryError` where its query cannot be read any more.
    """
    told = json.loads(definition)
    query, feeds, score = told.get("query"), told.get("feeds"), told.get("score")
    lists: dict[str, Node] = {}
    for called, terms in told.get("lists", ()):
        lists[called] = parse_item(terms, lists)
    return Rule(
        name=name,
        title=told["title"],
        query=None if query is None else parse(query, lists),
        query_text=query or "",
        version=version,
        feeds=None if feeds is None else Scope(parse(feeds), feeds),
        refers_to=tuple(told.get("refers_to", ())),
        score=None if score is None else _score(score, lists),
        implied_by=tuple(told.get("implied_by", ())),
    )


def _score(told: Mapping[str, Any], lists: Mapping[str, Node]) -> Score:
    clauses = (
        Clause(
            query=parse(each["when"], lists),
            query_text=each["when"],
            weight=each["weight"],
            per_hit=each.get("per_hit", False),
            at_most=each.get("max"),
        )
        for each in told["clauses"]
    )
    return Score(tuple(clauses), told["threshold"])


def restore(name: str, version: str, kept: Lookup) -> tuple[Rule, ...]:
    """Return a rule as it was in a version, in order with all those that it stood behind.

    Raises LookupError with the tag and version that were not kept, and `QueryError`.
    """
    wanted, found = [(name, version)], dict[str, Rule]()
    while wanted:
        tag, of_version = wanted.pop()
        if tag in found:
            continue
        definition = kept(tag, of_version)
        if definition is None:
            raise LookupError(tag, of_version)
        found[tag] = rule_from(tag, of_version, definition)
        told = json.loads(definition)
        wanted += (told.get("refers_to", {}) | told.get("implied_by", {})).items()
    return order_rules(tuple(found.values()))
