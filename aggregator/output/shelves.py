"""Archives of a feed (RFC 5005 §4): which entries are in which, and how they lead to each other.

The feed itself holds the newest entries. Once it has twice as many as an archive takes, the older
half is put into one, for good. Only the first two archives come at once: the first has none
before it, and must lead to one after it, since validators ask for one or the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aggregator.model.entries import TaggedEntry

TO_BEGIN = 3
"""How many archives' worth of entries there must be for the first two."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """What stays in the feed, newest first, and what goes into archives, by their numbers."""

    current: tuple[TaggedEntry, ...]
    archives: dict[int, tuple[TaggedEntry, ...]]


def shelve(found: Sequence[TaggedEntry], size: int, last: int) -> Shelved:
    """Put older entries into archives of that ``size``.

    ``found`` are the entries that are in none, the newest first; ``last`` is the number of the
    archive that was closed last, 0 before the first.
    """
    archives: dict[int, tuple[TaggedEntry, ...]] = {}
    current = tuple(found)
    if last or len(current) >= TO_BEGIN * size:
        while len(current) >= 2 * size:
            archives[last + len(archives) + 1] = current[-size:]
            current = current[:-size]
    return Shelved(current, archives)


def archive_path(path: Path, number: int) -> Path:
    """Return the file of an archive: ``sahel/0001.atom`` beside ``sahel.atom``."""
    return path.with_suffix("") / f"{number:04}{path.suffix}"


def archive_url(url: str, suffix: str, number: int) -> str:
    """Return the address of an archive of the feed at ``url``, which ends in ``suffix``."""
    return f"{url.removesuffix(suffix)}/{number:04}{suffix}"


def links(url: str, suffix: str, last: int, number: int | None = None) -> list[tuple[str, str]]:
    """Return where the document leads: the archive of that number, else the feed itself.

    ``last`` is the number of the archive that is closed last when it is written.
    """
    if number is None:
        return [("prev-archive", archive_url(url, suffix, last))] if last else []
    found = [("current", url)]
    if number > 1:
        found.append(("prev-archive", archive_url(url, suffix, number - 1)))
    if number < last:
        found.append(("next-archive", archive_url(url, suffix, number + 1)))
    return found
