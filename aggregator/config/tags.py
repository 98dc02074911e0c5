"""The ``tags:`` sections → rules: their queries, scopes, references, examples and versions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aggregator.config.keys import EXAMPLE, EXAMPLES, SCOPE, TAG
from aggregator.config.mentions import mentioned
from aggregator.config.queries import Asked, read_query, refuse_unknown_tags
from aggregator.config.reading import Problems, Section, items, named, read_text, section
from aggregator.config.tree import Mapping, Scalar, Value
from aggregator.errors import QueryError
from aggregator.model import Subscription
from aggregator.query.nodes import And, Node, Not, Or, show
from aggregator.query.rules import refuse_in_rules
from aggregator.query.syntax import parse
from aggregator.tagging import Example, Rule, Scope, find_circle, order_rules, version_of

MAX_NAME = 64
_NAME = re.compile(r"[^\W_][\w.-]*")
_QUOTES = re.compile(r'["“”„«»]')


@dataclass(frozen=True, slots=True)
class _Draft:
    """A rule whose references and version are still to be found."""

    name: str
    place: Scalar
    title: str
    description: str
    asked: tuple[Asked, ...]
    node: Node | None
    scope: Scope | None
    match: tuple[Example, ...]
    no_match: tuple[Example, ...]

    def refers_to(self) -> tuple[str, ...]:
        """Return the tags that the rule asks for."""
        names = (name.text for asked in self.asked for name in mentioned(asked.node, "tag"))
        return tuple(dict.fromkeys(names))


def read_rules(
    sections: Iterable[Value], subscriptions: Sequence[Subscription], problems: Problems
) -> tuple[Rule, ...]:
    """Read the rules of all files, in the order in which they are to be applied.

    A tag that is wrong in itself is noted and left out, but may be referred to.
    """
    drafts: dict[str, _Draft | None] = {}
    places: dict[str, Scalar] = {}
    for value in sections:
        for key, of_key in named(value, "`tags`", problems):
            earlier = places.setdefault(key.value.casefold(), key)
            if earlier is not key:
                told = f"{earlier.source.path}:{earlier.source.line(earlier.start)}"
                problems.at(key, f"The tag {key.value!r} is given twice, first in {told}.")
                continue
            drafts[key.value] = _draft(key, of_key, problems)
    good = {name: draft for name, draft in drafts.items() if draft is not None}
    for draft in good.values():
        for asked in draft.asked:
            refuse_unknown_tags(asked, tuple(drafts), problems)
    return _rules(good, subscriptions, problems)


def tag_names(sections: Iterable[Value]) -> tuple[str, ...]:
    """Return the names of all tags, whether they are well written or not."""
    mappings = (value for value in sections if isinstance(value, Mapping))
    return tuple(key.value for value in mappings for key, _ in value.entries)


def _rules(
    drafts: dict[str, _Draft], subscriptions: Sequence[Subscription], problems: Problems
) -> tuple[Rule, ...]:
    references = {
        name: tuple(other for other in draft.refers_to() if other in drafts)
        for name, draft in drafts.items()
    }
    if circle := find_circle(references):
        told = f"The tags refer to each other in a circle: {' → '.join(circle)}."
        problems.at(drafts[circle[0]].place, told)
        return ()
    known = _Known(subscriptions)
    rules: dict[str, Rule] = {}
    for rule in order_rules(tuple(_rule(drafts[name], to) for name, to in references.items())):
        rules[rule.name] = replace(rule, version=_version(rule, rules, known))
    return tuple(rules.values())


class _Known:
    """What a rule may find out about the feeds: who carries a label, and all names."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        urls: dict[str, list[str]] = {}
        for feed in subscriptions:
            for label in feed.labels:
                urls.setdefault(label, []).append(feed.url)
        self._carriers = {label: version_of(sorted(carriers)) for label, carriers in urls.items()}
        self._names = version_of(sorted(f"{feed.url} {feed.name}" for feed in subscriptions))

    def facts(self, queries: Sequence[Node]) -> tuple[str, ...]:
        """Return what is known of the labels and feeds that queries mention."""
        labels = sorted({label.text for node in queries for label in mentioned(node, "label")})
        carriers = (f"{label} {self._carriers.get(label)}" for label in labels)
        speaks_of_feeds = any(True for node in queries for _ in mentioned(node, "feed"))
        return (*carriers, self._names) if speaks_of_feeds else tuple(carriers)


def _rule(draft: _Draft, refers_to: tuple[str, ...]) -> Rule:
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
    )


def _version(rule: Rule, rules: dict[str, Rule], known: _Known) -> str:
    """Hash what can change what a rule tags; ``rules`` holds those that it refers to."""
    scope = None if rule.feeds is None else rule.feeds.query
    queries = [node for node in (rule.query, scope) if node is not None]
    return version_of(
        (
            rule.query_text,
            "" if rule.feeds is None else rule.feeds.query_text,
            *(f"{name} {rules[name].version}" for name in rule.refers_to),
            *known.facts(queries),
        )
    )


# --- one tag ----------------------------------------------------------------------------------


def _draft(key: Scalar, value: Value, problems: Problems) -> _Draft | None:
    name = key.value
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        problems.at(
            key,
            f"{name!r} cannot be a tag's name: letters, digits, `-`, `_` and `.`, at most"
            f" {MAX_NAME}; what people read goes into `title`.",
        )
    if isinstance(value, Scalar):
        problems.at(key, f"The tag {name!r} needs its query below it: `query: |`.")
        return None
    keys = section(value, TAG, problems)
    if keys is None:
        return None
    asked, node = _asked(keys, problems)
    scope = _scope(keys, problems)
    if not any(part in keys for part in ("query", "any", "all", "feeds")):
        told = "only says what it is not" if "none" in keys else "asks for nothing"
        problems.at(key, f"The tag {name!r} {told}: give it a `query`, `any`, `all` or `feeds`.")
    match, no_match = _examples(keys, problems)
    title = keys.text("title") or name
    return _Draft(name, key, title, keys.prose("description"), asked, node, scope, match, no_match)


def _asked(keys: Section, problems: Problems) -> tuple[tuple[Asked, ...], Node | None]:
    """Read the queries, and join them: all parts that are present must hold."""
    query = _queries((value,) if (value := keys.get("query")) else (), problems)
    of_any, of_all, of_none = (
        _queries(items(value, f"`{part}`", problems) if (value := keys.get(part)) else (), problems)
        for part in ("any", "all", "none")
    )
    parts: tuple[Node, ...] = (
        *(asked.node for asked in query),
        *_one_of(of_any),
        *(asked.node for asked in of_all),
        *(Not(asked.node) for asked in of_none),
    )
    node = None if not parts else parts[0] if len(parts) == 1 else And(parts)
    return (*query, *of_any, *of_all, *of_none), node


def _queries(values: Iterable[Value], problems: Problems) -> tuple[Asked, ...]:
    read = (read_query(value, _parse, problems) for value in values)
    return tuple(asked for asked in read if asked is not None)


def _parse(text: str) -> Node:
    node = parse(text)
    refuse_in_rules(node, text)
    return node


def _one_of(asked: tuple[Asked, ...]) -> tuple[Node, ...]:
    nodes = tuple(query.node for query in asked)
    return (Or(nodes),) if len(nodes) > 1 else nodes


def _scope(keys: Section, problems: Problems) -> Scope | None:
    """Read ``feeds:`` as a query: of each key one value must hold, of all keys together all."""
    value = keys.get("feeds")
    scope = None if value is None else section(value, SCOPE, problems)
    if value is None or scope is None:
        return None
    fields = (("label", "label"), ("language", "lang"), ("feed", "feed"))
    asked = [
        " OR ".join(f'{field}:"{_QUOTES.sub(" ", text)}"' for text in texts)
        for key, field in fields
        if (texts := scope.text_or_texts(key))
    ]
    if not scope.value.entries:
        problems.at(value, "`feeds` names no feeds: give it a `label`, a `language` or a `feed`.")
    if not asked:
        return None
    try:
        node = parse(" AND ".join(f"({part})" for part in asked))
    except QueryError as error:
        problems.at(value, f"`feeds` cannot be used: {error.sentence}")
        return None
    return Scope(node, show(node))


def _examples(keys: Section, problems: Problems) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    value = keys.get("examples")
    examples = None if value is None else section(value, EXAMPLES, problems)
    if examples is None:
        return (), ()
    match, no_match = (
        tuple(
            example
            for item in items(value, f"`{key}`", problems)
            if (example := _example(item, problems)) is not None
        )
        if (value := examples.get(key))
        else ()
        for key in ("match", "no_match")
    )
    return match, no_match


def _example(item: Value, problems: Problems) -> Example | None:
    path, line = item.source.path, item.source.line(item.start)
    if not isinstance(item, Mapping):
        title = read_text(item, "an example", problems)
        return None if title is None else Example(path, line, title)
    keys = section(item, EXAMPLE, problems)
    if keys is None:
        return None
    return Example(
        path,
        line,
        title=keys.prose("title"),
        summary=keys.block("summary"),
        content=keys.block("content"),
        language=keys.text("lang"),
        url=keys.text("url"),
        categories=keys.text_or_texts("category"),
    )
