"""The ``tags:`` sections → rules, in the order in which they are to be applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aggregator.config.drafts import GIVE_IT, Draft, draft
from aggregator.config.keys import closest
from aggregator.config.lists import TermList, nodes_of
from aggregator.config.queries import Asked, point, refuse_unknown_tags
from aggregator.config.reading import Problems, named
from aggregator.config.tree import Mapping as Section
from aggregator.config.tree import Scalar, Value
from aggregator.config.versions import Versions
from aggregator.model.feeds import Subscription
from aggregator.query.printing import show
from aggregator.tagging import Rule, find_circle, order_rules


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in their order, and the queries that each was written with, by its name."""

    rules: tuple[Rule, ...]
    asked: Mapping[str, tuple[Asked, ...]]


def read_rules(
    sections: Iterable[Value],
    lists: Sequence[TermList],
    subscriptions: Sequence[Subscription],
    problems: Problems,
) -> Rules:
    """Read the rules of all files.

    A tag that is wrong in itself is noted and left out, but may be referred to and implied.
    """
    drafts: dict[str, Draft | None] = {}
    places: dict[str, Scalar] = {}
    nodes = nodes_of(lists)
    for value in sections:
        for key, of_key in named(value, "`tags`", problems):
            earlier = places.setdefault(key.value.casefold(), key)
            if earlier is not key:
                told = f"{earlier.source.path}:{earlier.source.line(earlier.start)}"
                problems.at(key, f"The tag {key.value!r} is given twice, first in {told}.")
                continue
            drafts[key.value] = draft(key, of_key, nodes, problems)
    good = {name: draft for name, draft in drafts.items() if draft is not None}
    for each in good.values():
        for asked in each.asked:
            refuse_unknown_tags(asked, tuple(drafts), problems)
        _refuse_unknown_implied(each, drafts, problems)
    rules = _rules(good, Versions(lists, subscriptions), problems)
    return Rules(rules, {name: each.asked for name, each in good.items()})


def tag_names(sections: Iterable[Value]) -> tuple[str, ...]:
    """Return the names of all tags, whether they are well written or not."""
    mappings = (value for value in sections if isinstance(value, Section))
    return tuple(key.value for value in mappings for key, _ in value.entries)


def _refuse_unknown_implied(draft: Draft, known: Iterable[str], problems: Problems) -> None:
    names = tuple(known)
    for name, scalar in draft.implies:
        if name not in names:
            meant = closest(name, names)
            hint = f": did you mean `{meant}`?" if meant else "."
            told = f"There is no tag {name!r} to be implied{hint}"
            point(scalar, 0, len(scalar.value), told, problems)


def _rules(drafts: Mapping[str, Draft], versions: Versions, problems: Problems) -> tuple[Rule, ...]:
    references = {
        name: tuple(other for other in draft.refers_to() if other in drafts)
        for name, draft in drafts.items()
    }
    implied = _implied_by(drafts)
    if circle := find_circle({name: references[name] + implied[name] for name in drafts}):
        problems.at(drafts[circle[0]].place, _circle_told(circle, references))
        return ()
    _refuse_empty(drafts, implied, problems)
    ordered = order_rules(
        tuple(_rule(drafts[name], references[name], implied[name]) for name in drafts)
    )
    rules: dict[str, Rule] = {}
    for rule in ordered:
        rules[rule.name] = replace(rule, version=versions.of(rule, rules))
    return tuple(rules.values())


def _implied_by(drafts: Mapping[str, Draft]) -> dict[str, tuple[str, ...]]:
    implied: dict[str, list[str]] = {name: [] for name in drafts}
    for name, each in drafts.items():
        for other, _ in each.implies:
            implied.get(other, []).append(name)
    return {name: tuple(by) for name, by in implied.items()}


def _circle_told(circle: Sequence[str], references: Mapping[str, Sequence[str]]) -> str:
    steps = tuple(pairwise(circle))
    if all(behind in references[name] for name, behind in steps):
        return f"The tags refer to each other in a circle: {' → '.join(circle)}."
    told = (
        f"{name} refers to {behind}" if behind in references[name] else f"{behind} implies {name}"
        for name, behind in steps
    )
    return f"The tags need each other in a circle: {', '.join(told)}."


def _refuse_empty(
    drafts: Mapping[str, Draft], implied: Mapping[str, Sequence[str]], problems: Problems
) -> None:
    for name, each in drafts.items():
        if not each.parts and not implied[name]:
            told = f"{GIVE_IT}, or let another tag imply it"
            problems.at(each.place, f"The tag {name!r} asks for nothing: {told}.")


def _rule(draft: Draft, refers_to: tuple[str, ...], implied_by: tuple[str, ...]) -> Rule:
    return Rule(
        name=draft.name,
        title=draft.title,
        description=draft.description,
        query=draft.node,
        query_text="" if draft.node is None else show(draft.node),
        version="",
        feeds=draft.scope,
        refers_to=refers_to,
        examples_match=draft.match,
        examples_no_match=draft.no_match,
        path=draft.place.source.path,
        line=draft.place.source.line(draft.place.start),
        score=draft.scored.score,
        implies=tuple(name for name, _ in draft.implies),
        implied_by=implied_by,
        code=draft.code,
        written=draft.written,
    )
