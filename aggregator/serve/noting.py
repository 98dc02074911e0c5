"""What is noted of an entry's texts: what made its tags match, and what is not about it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from aggregator.html.annotating import Note, annotated
from aggregator.model.entries import Evidence, Tag, TaggedEntry

NOT_ABOUT_IT = "Not about this: neither tagged nor searched"


def notes(subject: TaggedEntry, field: str, titles: Mapping[str, str]) -> tuple[Note, ...]:
    """Return what is noted of a text of an entry, in order; no note overlaps another.

    Evidence is entitled by the tags that it speaks for, by their ``titles`` where they have any.
    """
    evidence = tuple(_evidence(subject.tags, field))
    aside = [part for part in subject.entry.boilerplate if part.field == field]
    ends = {end for _, piece in evidence for end in (piece.start, piece.end)}
    ends |= {end for part in aside for end in (part.start, part.end)}
    found = []
    for start, end in pairwise(sorted(ends)):
        names = [tag.name for tag, piece in evidence if piece.start <= start < piece.end]
        if names:
            said = ", ".join(titles.get(name) or name for name in dict.fromkeys(names))
            found.append(Note(start, end, "evidence", said))
        elif any(part.start <= start < part.end for part in aside):
            found.append(Note(start, end, "boilerplate", NOT_ABOUT_IT))
    return tuple(_joined(found))


def _evidence(tags: Sequence[Tag], field: str) -> Iterator[tuple[Tag, Evidence]]:
    return ((tag, piece) for tag in tags for piece in tag.evidence if piece.field == field)


def _joined(found: Sequence[Note]) -> Iterator[Note]:
    """Yield notes that say the same of neighbouring characters as one."""
    last: Note | None = None
    for note in found:
        if last and (last.end, last.kind, last.title) == (note.start, note.kind, note.title):
            last = Note(last.start, note.end, note.kind, note.title)
            continue
        if last:
            yield last
        last = note
    if last:
        yield last


def noted_text(text: str, found: Sequence[Note]) -> Markup:
    """Return a plain text with the evidence in it marked, safe to show."""
    pieces, at = [], 0
    for note in found:
        mark = Markup('<mark class="evidence" title="{}">{}</mark>')
        pieces += [
            escape(text[at : note.start]),
            mark.format(note.title, text[note.start : note.end]),
        ]
        at = note.end
    return Markup("").join([*pieces, escape(text[at:])])


def noted_markup(html: str, text: str, found: Sequence[Note]) -> str | None:
    """Return sanitised markup with notes on its plain text; None where they have no place in it."""
    return annotated(html, text, found) if found else html
