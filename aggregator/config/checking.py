"""The examples of the rules are run: what should match must, what should not must not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aggregator.model import Category, Entry, Source, Tag, TaggedEntry
from aggregator.tagging import Example, Rule, tag

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
    without_scope = {rule.name: replace(rule, feeds=None) for rule in rules}
    failures: list[ExampleFailure] = []
    for rule in rules:
        needed = _with_references(rule.name, without_scope)
        expectations = ((True, rule.examples_match), (False, rule.examples_no_match))
        for expected, examples in expectations:
            failures.extend(
                failure
                for example in examples
                if (failure := _failure(rule, example, needed, expected)) is not None
            )
    return tuple(failures)


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


def _with_references(name: str, rules: dict[str, Rule]) -> tuple[Rule, ...]:
    """Return a rule behind all that it refers to, in their order."""
    needed = {name}
    waiting = [name]
    while waiting:
        found = set(rules[waiting.pop()].refers_to) - needed
        needed |= found
        waiting.extend(found)
    return tuple(rule for rule in rules.values() if rule.name in needed)


def _failure(
    rule: Rule, example: Example, rules: tuple[Rule, ...], expected: bool
) -> ExampleFailure | None:
    given = next((found for found in tag(subject(example), rules) if found.name == rule.name), None)
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
