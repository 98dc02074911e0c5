"""Numbers with their nouns, and instants as people read them."""

from datetime import datetime, tzinfo


def counted(number: int, noun: str) -> str:
    """Return ``1 feed`` or ``2,000 feeds``; the plural of ``noun`` has an s, and ``y`` is ies."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def signed(number: int) -> str:
    """Return a change of a number: ``+3``, ``-2``, or ``=`` where there is none."""
    return f"{number:+,}" if number else "="


_SIZES = ((1_000_000, "MB"), (1_000, "kB"), (1, "B"))


def sized(number_bytes: int) -> str:
    """Return a size in its largest unit, by thousands: ``1.2 MB``, ``34 kB``."""
    unit, name = next((each for each in _SIZES if number_bytes >= each[0]), _SIZES[-1])
    size = number_bytes / unit
    return f"{size:,.0f} {name}" if size >= 10 or unit == 1 else f"{size:.1f} {name}"


def local(at: datetime | None, zone: tzinfo) -> str:
    """Return an instant to the minute, in a zone that is named elsewhere; ``–`` for None."""
    return "–" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago an instant is, or in how long, in its largest unit: ``3 h ago``."""
    seconds = round((now - at).total_seconds())
    for unit, size in _UNITS:
        if abs(seconds) >= size:
            told = f"{abs(seconds) // size:,} {unit}"
            return f"{told} ago" if seconds > 0 else f"in {told}"
    return "just now"
