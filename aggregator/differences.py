"""What became of an entry from one state to the next, field by field and word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from aggregator.model.entries import Entry

MOST_WORDS = 400
"""Words of a text that are compared, from the first difference on: it takes their square."""

_AROUND = 5
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a text that stayed, went or came; where words that stayed are ``left`` out.

    The ``text`` of what is left out says so; a space stands between two pieces.
    """

    kind: Literal["stayed", "went", "came", "left"]
    text: str


def changes(before: Entry, after: Entry) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Yield each field that people read and that changed, with the pieces of its difference."""
    for (field, old), (_, new) in zip(_fields(before), _fields(after), strict=True):
        if old != new:
            yield field, tuple(difference(old, new))


def _fields(entry: Entry) -> tuple[tuple[str, str], ...]:
    return (
        ("title", entry.title),
        ("summary", entry.summary),
        ("content", entry.content),
        ("link", entry.link or ""),
        ("authors", ", ".join(person.name or person.email for person in entry.authors)),
        ("categories", ", ".join(category.term for category in entry.categories)),
        ("files", ", ".join(file.url for file in entry.enclosures)),
    )


def difference(before: str, after: str) -> Iterator[Piece]:
    """Yield what became of a text, word by word, with a few words around each change."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    first = max(0, _same_at_first(old, new) - _AROUND - 1)
    old, new = old[first:], new[first:]
    is_cut = max(len(old), len(new)) > MOST_WORDS
    matcher = SequenceMatcher(None, old[:MOST_WORDS], new[:MOST_WORDS], autojunk=False)
    ended_at = -first
    for group in matcher.get_grouped_opcodes(_AROUND):
        if group[0][1] > max(ended_at, 0) or ended_at < 0:
            yield Piece("left", "…")
        yield from _changes(group, old, new)
        ended_at = group[-1][2]
    if is_cut:
        yield Piece("left", "… (the rest is not compared)")
    elif ended_at < len(old):
        yield Piece("left", "…")


def _same_at_first(old: Sequence[str], new: Sequence[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _changes(
    group: Sequence[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]
) -> Iterator[Piece]:
    """Yield what stayed, went and came, as `SequenceMatcher.get_opcodes` has it."""
    for kind, old_start, old_end, new_start, new_end in group:
        if kind == "equal":
            yield Piece("stayed", " ".join(old[old_start:old_end]))
            continue
        if went := " ".join(old[old_start:old_end]):
            yield Piece("went", went)
        if came := " ".join(new[new_start:new_end]):
            yield Piece("came", came)
