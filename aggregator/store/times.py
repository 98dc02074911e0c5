"""Instants as the database holds them: RFC 3339 text in UTC, of one width, so that it sorts."""

from datetime import UTC, datetime


def stamp(at: datetime) -> str:
    """Return an aware instant as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def instant(text: str) -> datetime:
    """Return the instant, in UTC, that `stamp` wrote."""
    return datetime.fromisoformat(text)


def stamp_if(at: datetime | None) -> str | None:
    """Return `stamp` of an instant, None for none."""
    return None if at is None else stamp(at)


def instant_if(text: str | None) -> datetime | None:
    """Return `instant` of a text, None for none."""
    return None if text is None else instant(text)
