"""What headers of HTTP ask for: which coding, and whether anything is to be sent at all."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Literal

from aggregator.dates import parse_http_date

Coding = Literal["br", "gzip", "identity"]

CODINGS: tuple[Coding, ...] = ("br", "gzip", "identity")
"""What we can send, the smallest first."""

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(minutes=15)
"""Between these readers are told for how long nothing will have changed."""

_ALIASES = {"x-gzip": "gzip"}
_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True, slots=True)
class Conditions:
    """The fields by which a reader says what it has (RFC 9110 §13.1), None for those not sent.

    Where a field was sent on several lines, they are joined by commas (§5.3).
    """

    match: str | None = None
    none_match: str | None = None
    modified_since: str | None = None
    unmodified_since: str | None = None


def coding(accept_encoding: str | None) -> Coding:
    """Return the coding that a reader likes best of ours, by Accept-Encoding (RFC 9110 §12.5.3).

    What it likes equally is sent as small as can be. Where it says nothing, or takes none of
    ours, nothing is coded: better something than a refusal.
    """
    if accept_encoding is None:
        return "identity"
    liked = dict(_qualities(accept_encoding))
    by_quality = {name: _quality(name, liked) for name in CODINGS}
    best = max(CODINGS, key=lambda name: by_quality[name])
    return best if by_quality[best] > 0 else "identity"


def _quality(name: str, liked: Mapping[str, float]) -> float:
    # Uncoded is always taken unless it is refused, but nobody asked for it.
    unsaid = 0.0001 if name == "identity" else 0.0
    return liked.get(name, liked.get("*", unsaid))


def _qualities(field: str) -> Iterator[tuple[str, float]]:
    """Read a list of names with weights (§12.4.2); a weight that is none is a refusal."""
    for item in field.split(","):
        name, _, weight = item.partition(";")
        name = name.strip(" \t").lower()
        key, _, value = weight.strip(" \t").partition("=")
        is_weight = key.strip(" \t").lower() == "q"
        quality = value.strip(" \t") if is_weight else "1"
        if name:
            yield _ALIASES.get(name, name), float(quality) if _QUALITY.fullmatch(quality) else 0.0


def status(conditions: Conditions, etag: str, modified_at: datetime) -> Literal[200, 304, 412]:
    """Return how a GET or HEAD is to be answered for what has this tag and was changed then.

    In the order of RFC 9110 §13.2.2: tags go before dates, and what should not have changed
    before what should have.
    """
    at = modified_at.replace(microsecond=0)
    if conditions.match is not None:
        if not _is_named(etag, conditions.match, weakly=False):
            return 412
    elif (date := _date(conditions.unmodified_since, at)) and at > date:
        return 412
    if conditions.none_match is not None:
        return 304 if _is_named(etag, conditions.none_match, weakly=True) else 200
    date = _date(conditions.modified_since, at)
    return 304 if date and at <= date else 200


def _is_named(etag: str, field: str, *, weakly: bool) -> bool:
    """Tell whether a field names a tag (§8.8.3.2); a star names any."""
    if field.strip(" \t") == "*":
        return True
    return any(tag == etag and (weakly or not weak) for weak, tag in _TAG.findall(field))


def _date(field: str | None, now: datetime) -> datetime | None:
    """Read a date; one that is none counts as not sent (§13.1.3)."""
    return None if field is None else parse_http_date(field, now=now)


def http_date(at: datetime) -> str:
    """Return an instant in UTC as HTTP writes it (RFC 9110 §5.6.7)."""
    return format_datetime(at.replace(microsecond=0), usegmt=True)


def cache_control(
    scope: Literal["public", "private"], due_at: datetime | None, now: datetime
) -> str:
    """Return who may keep an answer, and how long: until the next feed is due, within bounds."""
    left = LONGEST if due_at is None else min(max(due_at - now, SHORTEST), LONGEST)
    return f"{scope}, max-age={int(left.total_seconds())}"
