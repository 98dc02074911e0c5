"""Texts with spans marked, as markup that is safe to show: everything else in them is escaped."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from aggregator.excerpts import Span, excerpts, merged, standing
from aggregator.model.entries import Entry, Evidence

MOST_EXCERPTS = 3
"""Excerpts of one text; more would explain nothing better."""

_TEXTS = ("summary", "content")


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """Return a text with spans in ``<mark>``; those that touch become one."""
    pieces, at = [], 0
    for start, end in merged(spans, len(text)):
        pieces += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*pieces, escape(text[at:])])


def marked_title(entry: Entry, evidence: Iterable[Evidence]) -> Markup:
    """Return an entry's title with the evidence in it marked; empty where there is none."""
    spans = [(piece.start, piece.end) for piece in evidence if piece.field == "title"]
    return marked(entry.title, spans)


def marked_excerpts(entry: Entry, evidence: Iterable[Evidence]) -> Iterator[Markup]:
    """Yield what stands around the evidence in an entry's texts, the first of each."""
    return (line for field, line in marked_lines(entry, evidence) if field in _TEXTS)


def marked_lines(entry: Entry, evidence: Iterable[Evidence]) -> Iterator[tuple[str, Markup]]:
    """Yield what stands around evidence, with its field: the first excerpts of each text."""
    for field, text, spans in standing(evidence, entry):
        for line, within in excerpts(text, spans)[:MOST_EXCERPTS]:
            yield field, marked(line, within)
