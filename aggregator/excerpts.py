"""What stands around evidence: texts cut between words, with the spans that are to be marked."""

from collections.abc import Iterable, Iterator

from aggregator.model.entries import Entry, Evidence

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


def standing(
    evidence: Iterable[Evidence], entry: Entry
) -> Iterator[tuple[str, str, tuple[Span, ...]]]:
    """Yield each text that evidence stands in, by fields: a text of the entry, or of its metadata.

    With its field and the spans in it; fields come in the order of their first piece.
    """
    ours = {"title": entry.title, "summary": entry.summary, "content": entry.content}
    texts: dict[str, dict[str, list[Span]]] = {}
    for piece in evidence:
        text = ours.get(piece.field, piece.value)
        texts.setdefault(piece.field, {}).setdefault(text, []).append((piece.start, piece.end))
    for field, spans in texts.items():
        for text, within in spans.items():
            yield field, text, tuple(within)
