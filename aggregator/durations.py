"""Lengths of time as people write and read them.

::

    duration = "0" | part { part }        1h30m
    part     = digits unit                90m
    unit     = "s" | "m" | "h" | "d" | "w" | "y"

Units go from large to small, each at most once; ``y`` is 365 days.
"""

import re
from datetime import timedelta

_UNITS = {
    "y": timedelta(days=365),
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_DURATION = re.compile("".join(f"(?:([0-9]{{1,9}}){unit})?" for unit in _UNITS))
_SHOWN = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def parse_duration(text: str) -> timedelta:
    """Read ``30m``, ``2h``, ``1d`` or ``1h30m``; never negative.

    Raises ValueError, whose one sentence says what may be written.
    """
    written = text.strip().lower()
    if written == "0":
        return timedelta(0)
    match = _DURATION.fullmatch(written)
    if match is None or not written:
        raise ValueError(
            f"{text!r} is not a duration: write whole numbers with the units s, m, h, d, w or y,"
            " like 30m, 2h, 1d or 1h30m."
        )
    try:
        return sum(
            (
                int(count) * unit
                for count, unit in zip(match.groups(), _UNITS.values(), strict=True)
                if count
            ),
            timedelta(0),
        )
    except OverflowError:
        raise ValueError(f"{text!r} is too long a duration: write at most 1000y.") from None


def show_duration(duration: timedelta) -> str:
    """Show the two largest units, rounded: ``3 h 10 min``, ``45 s``, ``2 d``, ``-1 h``."""
    seconds = round(abs(duration).total_seconds())
    largest = next((i for i, (_, size) in enumerate(_SHOWN) if seconds >= size), len(_SHOWN) - 1)
    grain = _SHOWN[min(largest + 1, len(_SHOWN) - 1)][1]
    rest = (seconds + grain // 2) // grain * grain
    parts = []
    for unit, size in _SHOWN:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    sign = "-" if duration < timedelta(0) and parts else ""
    return sign + (" ".join(parts) or "0 s")
