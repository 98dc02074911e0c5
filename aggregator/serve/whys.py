"""Why an entry carries its tags, and why it does not carry one that is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from aggregator.model.entries import Entry, Evidence, TaggedEntry
from aggregator.reasons import Given, Missed, Unmet, explain
from aggregator.serve.marking import marked_lines
from aggregator.tagging import Rule
from aggregator.text import fold, single_line

_MOST_WORDS = 12
"""Different words that speak for one tag and are shown; they are marked in the texts as well."""


@dataclass(frozen=True, slots=True)
class Word:
    """What speaks for a tag, as it first stands there, how often, and in which fields."""

    text: str
    times: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A tag that an entry carries, and the words that speak for it; ``left`` of them not shown."""

    given: Given
    words: tuple[Word, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a rule misses; ``lines`` are what comes nearest, each with its field, marked."""

    unmet: Unmet
    lines: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A tag that an entry does not carry."""

    missed: Missed
    lacking: tuple[Lacking, ...]


def whys(subject: TaggedEntry, rules: Mapping[str, Rule]) -> Iterator[Why]:
    """Yield why an entry carries each of its tags."""
    for given in explain(subject, rules, None).given:
        found = () if given.implied_by else tuple(_words(given.tag.evidence))
        yield Why(given, found[:_MOST_WORDS], len(found[_MOST_WORDS:]))


def why_not(subject: TaggedEntry, rules: Mapping[str, Rule], name: str) -> WhyNot | None:
    """Return why an entry does not carry a tag; None if it does, or no rule gives it."""
    missed = explain(subject, rules, name).missed if name in rules else None
    if missed is None:
        return None
    return WhyNot(missed, tuple(_lacking(missed.unmet, subject.entry)))


def _words(evidence: Iterable[Evidence]) -> Iterator[Word]:
    pieces: dict[str, list[Evidence]] = {}
    for piece in evidence:
        pieces.setdefault(fold(single_line(piece.value)), []).append(piece)
    for alike in pieces.values():
        fields = tuple(dict.fromkeys(piece.field for piece in alike))
        yield Word(single_line(alike[0].value), len(alike), fields)


def _lacking(unmet: Iterable[Unmet], entry: Entry) -> Iterator[Lacking]:
    for part in unmet:
        yield Lacking(part, tuple(marked_lines(entry, part.evidence)))
