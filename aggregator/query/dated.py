"""The grammar of dates in queries: ``published:[2026-04-01 TO 2026-04-30]``, ``seen:>now-7d``."""

import re

from aggregator.query.cursor import Cursor
from aggregator.query.nodes import Comparison, DateComparison, DateRange, Day, Moment
from aggregator.query.periods import read_moment, runs_backwards

_COMPARED = re.compile(r"([<>]=?|)([^<>=].*)", re.DOTALL)
_COMPARISONS: dict[str, Comparison] = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
_RANGE = re.compile(r"\[([^\[\]]*)\]")
_RANGE_ENDS = re.compile(r"\s*(\S+)\s+TO\s+(\S+)\s*")


def read_period(cursor: Cursor, name: str, start: int) -> DateRange | DateComparison:
    """period = "[" end "TO" end "]" | ( "<" | "<=" | ">" | ">=" ) moment | day

    The cursor stands behind ``name:``, which began at ``start``; it is left there.
    """
    if cursor.peek() == "[":
        return _read_range(cursor, name, start)
    run = cursor.run()
    parts = _COMPARED.fullmatch(run.text)
    if parts is None:
        raise cursor.error(
            start,
            max(run.end, cursor.at + 1),
            f"`{name}:` takes a date or a range.",
            f"Write it like {name}:2026-11-01, {name}:>=now-7d"
            f" or {name}:[2026-11-01 TO 2026-11-30].",
        )
    moment = _read_end(cursor, parts[2], max(run.start, run.end - len(parts[2])), run.end)
    comparison = _COMPARISONS.get(parts[1])
    if comparison is not None:
        return DateComparison(name, comparison, moment, start, run.end)
    if isinstance(moment, Day):
        return DateRange(name, moment, moment, start, run.end)
    raise cursor.error(
        run.start, run.end, "An instant needs a comparison.", f"Write `{name}:>={run.text}`."
    )


def _read_range(cursor: Cursor, name: str, start: int) -> DateRange:
    """ "[" end "TO" end "]" with end = moment | "*" """
    opened = cursor.at
    closed = _RANGE.match(cursor.text, opened)
    if closed is None:
        raise cursor.error(opened, opened + 1, "This bracket is never closed.")
    parts = _RANGE_ENDS.fullmatch(closed[1])
    if parts is None:
        raise cursor.error(
            opened,
            closed.end(),
            "A range has two ends with TO between them.",
            "Write it like [2026-04-01 TO 2026-04-30]; * leaves an end open.",
        )
    first, last = (
        None
        if parts[each] == "*"
        else _read_end(cursor, parts[each], *(opened + 1 + at for at in parts.span(each)))
        for each in (1, 2)
    )
    if runs_backwards(first, last):
        raise cursor.error(opened, closed.end(), "This range ends before it begins.")
    return DateRange(name, first, last, start, closed.end())


def _read_end(cursor: Cursor, text: str, start: int, end: int) -> Moment:
    try:
        return read_moment(text)
    except ValueError as error:
        raise cursor.error(start, end, str(error)) from None
