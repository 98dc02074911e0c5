"""What an entry said before: its revisions, each with what became of it."""

import re
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from difflib import SequenceMatcher
from itertools import pairwise

from rich.console import RenderableType
from rich.text import Text

from aggregator.cli import terminal
from aggregator.cli.terminal import Terminal
from aggregator.model.entries import Entry
from aggregator.store.base import Revision
from aggregator.text import visible
from aggregator.wording import local

MOST_WORDS = 400
"""Words of a text that are compared, from the first difference on: it takes their square."""

_AROUND = 5
_WORD = re.compile(r"\S+")


def told_revisions(
    entry: Entry, revisions: Sequence[Revision], shown: Terminal, zone: tzinfo
) -> Iterator[RenderableType]:
    """Yield, for each revision of ``entry``, latest first, what was changed and when."""
    if revisions:
        yield Text("\nREVISIONS", style="dim")
    states = [entry, *(revision.entry for revision in revisions)]
    for revision, (after, before) in zip(revisions, pairwise(states), strict=True):
        yield Text(local(revision.replaced_at, zone), style="bold")
        told = list(_told(before, after, shown))
        yield terminal.pairs(told or [("", Text("nothing that is shown"))])


def _told(before: Entry, after: Entry, shown: Terminal) -> Iterator[tuple[str, Text]]:
    for (field, old), (_, new) in zip(_fields(before), _fields(after), strict=True):
        if old != new:
            yield field, difference(old, new, colour=shown.colour)


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


def difference(before: str, after: str, *, colour: bool) -> Text:
    """Return what became of a text, word by word, with a few words around each change.

    Without colour what went stands as ``[-old-]``, what came as ``{+new+}``, as wdiff has it.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    first = max(0, _same_at_first(old, new) - _AROUND - 1)
    old, new = old[first:], new[first:]
    is_cut = max(len(old), len(new)) > MOST_WORDS
    matcher = SequenceMatcher(None, old[:MOST_WORDS], new[:MOST_WORDS], autojunk=False)
    parts, ended_at = [], -first
    for group in matcher.get_grouped_opcodes(_AROUND):
        if group[0][1] > max(ended_at, 0) or ended_at < 0:
            parts.append(Text("…"))
        parts += _changes(group, old, new, colour=colour)
        ended_at = group[-1][2]
    if is_cut:
        parts.append(Text("… (the rest is not compared)"))
    elif ended_at < len(old):
        parts.append(Text("…"))
    return Text(" ").join(parts)


def _same_at_first(old: Sequence[str], new: Sequence[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _changes(
    group: Sequence[tuple[str, int, int, int, int]],
    old: Sequence[str],
    new: Sequence[str],
    *,
    colour: bool,
) -> Iterator[Text]:
    """Yield what stayed, went and came, as `SequenceMatcher.get_opcodes` has it."""
    for kind, old_start, old_end, new_start, new_end in group:
        if kind == "equal":
            yield Text(visible(" ".join(old[old_start:old_end])))
            continue
        if went := visible(" ".join(old[old_start:old_end])):
            yield Text(went if colour else f"[-{went}-]", "red strike")
        if came := visible(" ".join(new[new_start:new_end])):
            yield Text(came if colour else f"{{+{came}+}}", "green")
