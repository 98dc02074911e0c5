"""Entries with what was found in them marked, as pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from aggregator.model.entries import Evidence, Source, TaggedEntry
from aggregator.serve.marking import marked_excerpts, marked_title


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with the evidence marked in its title, and what stands around the other."""

    id: str
    title: Markup
    source: Source
    at: datetime
    language: str | None
    excerpts: tuple[Markup, ...]


def shown(subject: TaggedEntry, evidence: Iterable[Evidence]) -> Shown:
    """Return an entry as it is listed."""
    entry, pieces = subject.entry, tuple(evidence)
    return Shown(
        entry.id,
        marked_title(entry, pieces) or Markup("Untitled"),
        subject.source,
        subject.arrived_at,
        entry.language,
        tuple(marked_excerpts(entry, pieces)),
    )
