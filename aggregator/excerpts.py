"""What stands around evidence: texts cut between words, with the spans that are to be marked."""

from collections.abc import Iterable

from aggregator.model.entries import Evidence

Span = tuple[int, int]
"""The characters from the first number up to the second."""

AROUND = 50
"""How many characters an excerpt shows before and behind what it is about."""


def merged(spans: Iterable[Span], length: int) -> list[Span]:
    """Return spans within a text in order; those that touch become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if not start < end <= length:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def excerpts(text: str, spans: Iterable[Span]) -> list[tuple[str, list[Span]]]:
    """Return what stands around spans, each with those in it, counted from its beginning.

    Spans of one block that are close together share an excerpt. Every excerpt is one line, an
    ellipsis where it is cut, always between words.
    """
    wanted = merged(spans, len(text))
    groups: list[Span] = []
    for start, end in wanted:
        if groups and _belong_together(text, groups[-1][1], start):
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    return [_excerpt(text, group, wanted) for group in groups]


def _belong_together(text: str, end: int, start: int) -> bool:
    return start - end <= AROUND and "\n\n" not in text[end:start]


def _excerpt(text: str, group: Span, spans: Iterable[Span]) -> tuple[str, list[Span]]:
    start, end = _beginning(text, group[0]), _finish(text, group[1])
    # Each line end becomes one space, so that the spans stay true.
    line = "".join(" " if character.isspace() else character for character in text[start:end])
    before, behind = "…" if start else "", "…" if end < len(text) else ""
    moved = len(before) - start
    within = [
        (first + moved, last + moved) for first, last in spans if group[0] <= first < group[1]
    ]
    return f"{before}{line}{behind}", within


def _beginning(text: str, at: int) -> int:
    """Return where an excerpt begins: at a block's or a word's beginning."""
    earliest = max(0, at - AROUND)
    block = text.rfind("\n\n", earliest, at)
    if block >= 0:
        return block + 2
    space = text.find(" ", earliest, at)
    return 0 if earliest == 0 else space + 1 if space >= 0 else earliest


def _finish(text: str, at: int) -> int:
    latest = min(len(text), at + AROUND)
    block = text.find("\n\n", at, latest)
    if block >= 0:
        return block
    space = text.rfind(" ", at, latest)
    return latest if latest == len(text) else space if space >= 0 else latest


def by_field(evidence: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """Return evidence by field, fields in the order of their first piece."""
    fields: dict[str, list[Evidence]] = {}
    for piece in evidence:
        fields.setdefault(piece.field, []).append(piece)
    return fields
