"""Which of an entry's dates says when it was published, and which when it was changed.

::

    published   pubDate, published, issued, dcterms:issued, dcterms:available,
                prism:publicationDate, created, dcterms:created; without these, and not in Atom,
                dc:date
    updated     updated, modified, dcterms:modified, prism:modificationDate, lastBuildDate, dc:date

In that order, and of one element given twice the last; a date that can be read comes before any
that cannot. What is left over is no date of the other kind: an entry that only says when it was
changed is not said to have been published then.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aggregator.dates import read_date

DATES = "dates found"
"""Under which key feedparser's dictionary keeps all; no element's name has a space."""

NAMESPACES = {
    f"http://prismstandard.org/namespaces/basic/{version}/": "prism"
    for version in ("1.0", "2.0", "2.1", "2.2", "3.0")
}
"""Of PRISM, which scholarly publishers use; feedparser knows that of version 1.2."""

_PUBLISHED = (
    *("pubdate", "published", "issued", "dcterms_issued", "dcterms_available"),
    *("prism_publicationdate", "created", "dcterms_created"),
)
_UPDATED = ("updated", "modified", "dcterms_modified", "prism_modificationdate", "lastbuilddate")
_EITHER = ("dc_date", "dcterms_date")
_MOST = 100


def chosen(found: Mapping[str, Any], form: str) -> tuple[str | None, str | None]:
    """Return when what feedparser ``found`` was published and updated, as written."""
    dates: Sequence[tuple[str, str]] = found[DATES] if DATES in found else ()  # noqa: SIM401
    published = _best(_PUBLISHED, dates)
    if published is None and not form.startswith("atom"):
        return _best(_EITHER, dates), _best(_UPDATED, dates)
    return published, _best((*_UPDATED, *_EITHER), dates)


def _best(names: Sequence[str], dates: Sequence[tuple[str, str]]) -> str | None:
    claims = [raw for name in names for known, raw in reversed(dates) if known == name]
    if len(claims) < 2:
        return next(iter(claims), None)
    return next((raw for raw in claims if read_date(raw)), claims[0])


class _Parser:
    """What of feedparser's parsers is used here."""

    pop: Callable[[str], str | None]
    push: Callable[[str, int], None]
    _get_context: Callable[[], dict[str, Any]]


def _keeping(name: str, stack: str | None = None) -> Callable[[_Parser], None]:
    """Return a handler for the end of an element whose text stands on feedparser's ``stack``."""

    def end(self: _Parser) -> None:
        text = (self.pop(stack or name) or "").strip()
        dates = self._get_context().setdefault(DATES, [])
        if text and len(dates) < _MOST:
            dates.append((name, text))

    return end


def _starting(name: str) -> Callable[[_Parser, object], None]:
    """Return a handler for the start of an element that feedparser does not know as a date."""

    def start(self: _Parser, _: object) -> None:
        self.push(name, 1)

    return start


class DateHandlers(_Parser):
    """For feedparser's parsers: keeps every date under its own name, and reads none.

    feedparser keeps one of each kind, the last, whatever it says.
    """

    _end_pubdate = _keeping("pubdate", "published")
    _end_published = _keeping("published")
    _end_issued = _keeping("issued", "published")
    _end_dcterms_issued = _keeping("dcterms_issued", "published")
    _end_created = _keeping("created")
    _end_dcterms_created = _keeping("dcterms_created", "created")
    _end_updated = _keeping("updated")
    _end_modified = _keeping("modified", "updated")
    _end_lastbuilddate = _keeping("lastbuilddate", "updated")
    _end_dcterms_modified = _keeping("dcterms_modified", "updated")
    _end_dc_date = _keeping("dc_date", "updated")
    _start_dcterms_date = _starting("dcterms_date")
    _end_dcterms_date = _keeping("dcterms_date")
    _start_dcterms_available = _starting("dcterms_available")
    _end_dcterms_available = _keeping("dcterms_available")
    _start_prism_publicationdate = _starting("prism_publicationdate")
    _end_prism_publicationdate = _keeping("prism_publicationdate")
    _start_prism_modificationdate = _starting("prism_modificationdate")
    _end_prism_modificationdate = _keeping("prism_modificationdate")
