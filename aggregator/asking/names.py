"""A tag or an output by its name; what is unknown is answered with what was meant."""

from collections.abc import Iterable

from aggregator.config.keys import closest
from aggregator.errors import UsageError

_SHOWN_AT_MOST = 20


def known_name(asked: str, what: str, known: Iterable[str]) -> str:
    """Return ``asked`` if it is one of the ``known`` names; ``what`` is the kind of thing.

    Raises `UsageError` with the name that was meant, if one is like it.
    """
    names = sorted(known)
    if asked in names:
        return asked
    if not names:
        raise UsageError(f"There is no {what} {asked!r}: there is none at all.")
    if meant := closest(asked, names):
        raise UsageError(f"There is no {what} {asked!r}: did you mean {meant}?")
    some = ", ".join(names[:_SHOWN_AT_MOST])
    more = f" and {len(names) - _SHOWN_AT_MOST:,} more" if len(names) > _SHOWN_AT_MOST else ""
    raise UsageError(f"There is no {what} {asked!r}. There are: {some}{more}.")
