"""One tag's section → a draft of its rule, whose references and version are still to be found."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from textwrap import dedent

from aggregator.config.examples import read_examples
from aggregator.config.keys import SCOPE, TAG
from aggregator.config.mentions import mentioned
from aggregator.config.queries import Asked, read_query
from aggregator.config.reading import Problems, Section, items, read_text, section
from aggregator.config.scores import ScoreRead, read_score
from aggregator.config.tree import Scalar, Value
from aggregator.errors import QueryError
from aggregator.query.nodes import And, Node, Not, Or, Word
from aggregator.query.printing import show
from aggregator.query.rules import refuse_in_rules
from aggregator.query.syntax import parse
from aggregator.tagging import Example, Scope

MAX_NAME = 64
_NAME = re.compile(r"[^\W_][\w.-]*")
_QUOTES = re.compile(r'["“”„«»]')

Parse = Callable[[str], Node]


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as its section says it; ``asked`` are all its queries, ``implies`` with their places.

    ``parts`` tells whether it asks for anything by itself; ``written`` is the section as it stands
    in its file, without the indentation that all its lines share.
    """

    name: str
    place: Scalar
    title: str
    description: str
    code: str | None
    asked: tuple[Asked, ...]
    node: Node | None
    scored: ScoreRead
    scope: Scope | None
    implies: tuple[tuple[str, Scalar], ...]
    match: tuple[Example, ...]
    no_match: tuple[Example, ...]
    parts: bool
    written: str

    def refers_to(self) -> tuple[str, ...]:
        """Return the tags that the rule asks for."""
        names = (name.text for asked in self.asked for name in mentioned(asked.node, "tag"))
        return tuple(dict.fromkeys(names))


def draft(key: Scalar, value: Value, lists: Mapping[str, Node], problems: Problems) -> Draft | None:
    """Read the section of the tag that ``key`` names; None where it is none."""
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

    def parse_rule(text: str) -> Node:
        node = parse(text, lists)
        refuse_in_rules(node, text)
        return node

    def parse_excluded(text: str) -> Node:
        node = parse(text, lists)
        # What is excluded stands beside what is looked for: it may be anything that stays true.
        refuse_in_rules(And((_SOMETHING, Not(node))), text)
        return node

    asked, node = _asked(keys, parse_rule, parse_excluded, problems)
    scored = read_score(keys, parse_rule, problems)
    match, no_match = read_examples(keys, problems)
    parts = any(part in keys for part in ("query", "any", "all", "score", "feeds"))
    if not parts and "none" in keys:
        problems.at(key, f"The tag {name!r} only says what it is not: {GIVE_IT}.")
    return Draft(
        name=name,
        place=key,
        title=keys.text("title") or name,
        description=keys.prose("description"),
        code=keys.text("code"),
        asked=(*asked, *scored.asked),
        node=node,
        scored=scored,
        scope=_scope(keys, problems),
        implies=_implied(keys, problems),
        match=match,
        no_match=no_match,
        parts=parts or "none" in keys,
        written=_written(key, value),
    )


def _written(key: Scalar, value: Value) -> str:
    text, start = key.source.text, key.start
    margin = text[text.rfind("\n", 0, start) + 1 : start]
    return dedent(f"{margin if margin.isspace() else ''}{text[start : value.end]}").rstrip()


_SOMETHING = Word("something")

GIVE_IT = "give it a `query`, `any`, `all`, `score` or `feeds`"


def _asked(
    keys: Section, parse_rule: Parse, parse_excluded: Parse, problems: Problems
) -> tuple[tuple[Asked, ...], Node | None]:
    """Read the queries, and join them: all parts that are present must hold."""
    value = keys.get("query")
    query = _queries(() if value is None else (value,), parse_rule, problems)
    of_any, of_all, of_none = (
        _queries(
            items(value, f"`{part}`", problems) if (value := keys.get(part)) else (),
            parse_excluded if part == "none" else parse_rule,
            problems,
        )
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


def _queries(values: Iterable[Value], parse_rule: Parse, problems: Problems) -> tuple[Asked, ...]:
    read = (read_query(value, parse_rule, problems) for value in values)
    return tuple(asked for asked in read if asked is not None)


def _one_of(asked: tuple[Asked, ...]) -> tuple[Node, ...]:
    nodes = tuple(query.node for query in asked)
    return (Or(nodes),) if len(nodes) > 1 else nodes


def _implied(keys: Section, problems: Problems) -> tuple[tuple[str, Scalar], ...]:
    value = keys.get("implies")
    found: dict[str, Scalar] = {}
    for item in () if value is None else items(value, "`implies`", problems):
        name = read_text(item, "each of `implies`", problems)
        if name is not None and isinstance(item, Scalar):
            found.setdefault(name, item)
    return tuple(found.items())


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
