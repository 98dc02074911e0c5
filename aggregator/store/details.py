"""An entry's details as a JSON object and back; what is unknown is left out of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from aggregator.model.details import (
    Comments,
    Details,
    Episode,
    Origin,
    Person,
    Place,
    Reply,
    Transcript,
)

Value = TypeVar("Value")


def details_column(details: Details) -> str:
    """Return details as JSON."""
    return json.dumps(_told(asdict(details)), ensure_ascii=False)


def details_from(text: str) -> Details:
    """Return the details that `details_column` wrote."""
    told = json.loads(text)
    if not told:  # most entries
        return Details()
    return Details(
        contributors=_all(told, "contributors", Person),
        comments=_one(told, "comments", Comments),
        in_reply_to=_all(told, "in_reply_to", Reply),
        origin=_one(told, "origin", Origin),
        places=_all(told, "places", Place),
        episode=_one(told, "episode", Episode),
        transcripts=_all(told, "transcripts", Transcript),
        chapters=told.get("chapters"),
        rights=told.get("rights", ""),
        license=told.get("license"),
        external_link=told.get("external_link"),
        banner=told.get("banner"),
    )


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what is at its default: None, no text, nothing in a list."""
    kept = {name: value for name, value in values.items() if value is not None}
    return {name: _inner(value) for name, value in kept.items() if value not in ("", ())}


def _inner(value: Any) -> Any:
    if isinstance(value, dict):
        return _told(value)
    return [_told(each) for each in value] if isinstance(value, tuple) else value


def _one(told: Mapping[str, Any], name: str, kind: Callable[..., Value]) -> Value | None:
    return kind(**told[name]) if name in told else None


def _all(told: Mapping[str, Any], name: str, kind: Callable[..., Value]) -> tuple[Value, ...]:
    return tuple(kind(**each) for each in told.get(name, ()))
