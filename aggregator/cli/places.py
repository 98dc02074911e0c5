"""Where evidence stands in an entry: rows for people, objects for programs."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from aggregator.cli.marking import shown_evidence
from aggregator.excerpts import excerpts, standing
from aggregator.model.entries import Entry, Evidence
from aggregator.output.jsonfeed import Json


def places(
    evidence: Iterable[Evidence], entry: Entry, *, colour: bool
) -> Iterator[tuple[str, Text]]:
    """Yield each field in which evidence stands, with what is around it, marked."""
    for field, text, spans in standing(evidence, entry):
        for number, shown in enumerate(shown_evidence(text, spans, colour=colour)):
            yield field if not number else "", shown


def evidence_objects(evidence: Iterable[Evidence], entry: Entry) -> list[Json]:
    """Return evidence as programs read it, each piece with what is around it."""
    return [
        {
            "field": piece.field,
            "start": piece.start,
            "end": piece.end,
            "value": piece.value,
            "excerpt": _excerpt(piece, entry),
        }
        for piece in evidence
    ]


def _excerpt(piece: Evidence, entry: Entry) -> str:
    ((_, text, spans),) = standing([piece], entry)
    return next((around for around, _ in excerpts(text, spans)), piece.value)
