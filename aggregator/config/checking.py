"""The examples of the rules are run: what should match must, what should not must not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aggregator.model.entries import Entry, Source, Tag, TaggedEntry
from aggregator.model.raw import Category
from aggregator.query.nodes import Field, Not, Or, Value
from aggregator.tagger import Tagger
from aggregator.tagging import Example, Rule, Scope

_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Rules may not speak of when we saw an entry relative to now; any instant serves."""


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that its rule does not treat as it says; ``line`` counts from 1."""

    path: str
    line: int
    rule: str
    sentence: str

    def __str__(self) -> str:
        """Return ``file:line: sentence``."""
        return f"{self.path}:{self.line}: {self.sentence}"


def check_examples(rules: tuple[Rule, ...]) -> tuple[ExampleFailure, ...]:
    """Run every example of every rule, scopes ignored; ``rules`` are ordered by `order_rules`."""
    tagger = Tagger(tuple(_unconfined(rule) for rule in rules))
    failures = (
        _failure(rule, example, tagger, expected)
        for rule in rules
        for expected, examples in ((True, rule.examples_match), (False, rule.examples_no_match))
        for example in examples
    )
    return tuple(failure for failure in failures if failure is not None)


_ANYWHERE = Scope(Or((Field("has", Value("date")), Not(Field("has", Value("date"))))), "")


def _unconfined(rule: Rule) -> Rule:
    """Return a rule for all feeds; one that is nothing but a scope stays, and tags everything."""
    if rule.query is None and rule.score is None and rule.feeds is not None:
        return replace(rule, feeds=_ANYWHERE)
    return replace(rule, feeds=None)


def subject(example: Example) -> TaggedEntry:
    """Return the example as an entry of a feed that no label and no name distinguishes."""
    entry = Entry(
        id="example",
        feed="example",
        identity="example",
        content_hash="",
        title=example.title,
        summary=example.summary,
        content=example.content,
        link=example.url,
        canonical_link=example.url,
        language=example.language,
        categories=tuple(Category(term) for term in example.categories),
    )
    return TaggedEntry(entry, Source("example", "example"), _SOME_DAY, _SOME_DAY)


def _failure(rule: Rule, example: Example, tagger: Tagger, expected: bool) -> ExampleFailure | None:
    given = tagger.given(rule.name, subject(example))
    if (given is not None) == expected:
        return None
    shown = example.title or example.summary or example.content
    if given is None:
        sentence = f"The tag `{rule.name}` must match this example, and does not: {shown!r}."
    else:
        by = _by(given, example)
        sentence = f"The tag `{rule.name}` must not match this example, but does{by}: {shown!r}."
    return ExampleFailure(example.path, example.line, rule.name, sentence)


def _by(given: Tag, example: Example) -> str:
    texts = {"title": example.title, "summary": example.summary, "content": example.content}
    words: Iterable[str] = dict.fromkeys(
        texts.get(span.field, span.value)[span.start : span.end] for span in given.evidence
    )
    told = ", ".join(f"“{word}”" for word in words)
    return f" by {told}" if told else ""
