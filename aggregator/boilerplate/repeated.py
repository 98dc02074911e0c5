"""Blocks that stand in other entries of the feed as well, told by fingerprints of what was read.

A fingerprint is a hash of a block's words in lower case, the entry's own title left out: "The
post … appeared first on …" is one block, however often the title changes. Numbers count: that
they change is news. What was read before decides; where nothing was (a first poll), the document
itself does. The first entry to say something keeps it, so that it is found somewhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Literal

from aggregator.boilerplate.markers import SUBJECTS
from aggregator.model.boilerplate import Boilerplate, Fingerprints
from aggregator.model.entries import Entry
from aggregator.text import index_words

LEAST_OTHERS = 3
"""In so many other entries a block must stand …"""

LEAST_SHARE = 0.25
"""… and in this part of those remembered: a paragraph of background stands in few."""

MOST_ENTRIES = 40
"""So many entries of a feed are remembered: the last of them; what left them is forgotten."""

MOST_BLOCKS = 24
"""So many blocks of an entry are remembered: the first third of them from its beginning."""

LEAST_WORDS = 5
LEAST_CHARACTERS = 20
"""What is shorter, besides the title, may be a place or a name."""

_AT_THE_BEGINNING = MOST_BLOCKS // 3
_TITLE = "\x00"

TextField = Literal["summary", "content"]


def remembered(
    entries: Sequence[Entry], known: tuple[Fingerprints, ...]
) -> tuple[Fingerprints, ...]:
    """Return what is remembered of a feed once a document was read; reading it again adds nothing.

    ``entries`` stand in the document's order, which is mostly that of the latest first.
    """
    read = _of_document(entries)
    names = {one.entry for one in read}
    return (*(one for one in known if one.entry not in names), *read)[-MOST_ENTRIES:]


def repeated(
    entries: Sequence[Entry], known: tuple[Fingerprints, ...]
) -> Mapping[str, tuple[Boilerplate, ...]]:
    """Return, by the entries' ids, the blocks that other entries of the feed repeat."""
    seen = known or _of_document(entries)
    bearers: defaultdict[str, list[str]] = defaultdict(list)
    for one in seen:
        for block in one.blocks:
            bearers[block].append(one.entry)
    suspects = {block for block, names in bearers.items() if len(names) >= LEAST_OTHERS}
    if not suspects:
        return {}
    return {
        entry.id: tuple(
            span
            for block, span in _blocks(entry)
            if block in suspects and _repeat(bearers[block], _name(entry), len(seen))
        )
        for entry in entries
    }


def _repeat(bearers: Sequence[str], name: str, seen: int) -> bool:
    others = sum(1 for bearer in bearers if bearer != name)
    return others >= max(LEAST_OTHERS, LEAST_SHARE * (seen - 1)) and bearers[0] != name


def _of_document(entries: Sequence[Entry]) -> tuple[Fingerprints, ...]:
    """Return the fingerprints of entries with a text, the first to be published first."""
    return tuple(
        Fingerprints(_name(entry), _bounded(block for block, _ in _blocks(entry)))
        for entry in reversed(entries)
        if entry.summary or entry.content
    )


def _bounded(blocks: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(blocks))
    if len(found) <= MOST_BLOCKS:
        return found
    return found[:_AT_THE_BEGINNING] + found[_AT_THE_BEGINNING - MOST_BLOCKS :]


def _name(entry: Entry) -> str:
    return entry.id[:8]


def _blocks(entry: Entry) -> Iterator[tuple[str, Boilerplate]]:
    """Yield the blocks that are long enough, each with where it stands."""
    title = " ".join(entry.title.lower().split())
    return chain(
        _of_text(entry.summary, title, "summary"), _of_text(entry.content, title, "content")
    )


def _of_text(text: str, title: str, field: TextField) -> Iterator[tuple[str, Boilerplate]]:
    start = 0
    for block in text.split("\n\n"):
        end = start + len(block)
        said = _said(block, title) if len(block) >= LEAST_CHARACTERS else ""
        if said:
            hashed = blake2b(said.encode(), digest_size=6).hexdigest()
            yield hashed, Boilerplate(field, start, end, "repeated")
        start = end + 2


def _said(block: str, title: str) -> str:
    """Return what is compared of a block; '' where that is too little, or its subject."""
    lowered = " ".join(block.lower().split())
    said = lowered.replace(title, _TITLE) if len(title) >= LEAST_CHARACTERS // 2 else lowered
    if len(said) < LEAST_CHARACTERS or lowered.startswith(SUBJECTS):
        return ""
    own = said.replace(_TITLE, " ")
    return said if _counts(own) else ""


def _counts(said: str) -> bool:
    if len(said.split()) >= LEAST_WORDS:
        return True
    # Scripts without spaces: their words are told apart only where this asks for it.
    return not said.isascii() and len(index_words(said).split()) >= LEAST_WORDS
