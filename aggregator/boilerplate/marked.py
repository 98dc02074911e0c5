"""Blocks that lead elsewhere, told by their first words and by how much of them is links.

::

    Read also: <a>Another article</a>      nearly all behind the marker is a link
    Related stories                        so are the blocks that follow a marker alone
    Follow us on <a>Mastodon</a>           at least a fifth is
    The post <a>…</a> appeared first on …  the entry's title, or links, stand within it

A text of which too little would be left is about what it links to: nothing of it is judged.
It depends on the entry alone, never on what else was read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from aggregator.boilerplate.markers import FOLLOW_US, FOOTERS, READ_ALSO
from aggregator.html.layout import Block
from aggregator.model.boilerplate import Boilerplate
from aggregator.text import index_words

LONGEST = 300
"""Characters of a block that leads elsewhere; longer ones tell something."""

MOST_BELOW = 12
"""Blocks of links below one marker."""

LEAST_LEFT = 40
"""Characters, besides, of an entry that is not made of links alone."""

_READ_ALSO_LINKS = 0.8
_FOLLOW_US_LINKS = 0.2
_FOOTER_LINKS = 0.4
_LONGEST_FOOTER = 600

_Markers = Mapping[str, tuple[str, ...]]
"""Folded markers, each delimited by spaces, by their first word."""


def marked(
    title: str, summary: Sequence[Block], content: Sequence[Block]
) -> tuple[Boilerplate, ...]:
    """Return the blocks of an entry's texts that lead elsewhere, in order."""
    found = (*_in_text("summary", title, summary), *_in_text("content", title, content))
    said = sum(len(block.text) for block in (*summary, *content))
    return found if said - sum(one.end - one.start for one in found) >= LEAST_LEFT else ()


def _in_text(
    field: Literal["summary", "content"], title: str, blocks: Iterable[Block]
) -> Iterator[Boilerplate]:
    start = below = 0
    heading: tuple[int, int] | None = None
    for block in blocks:
        end = start + len(block.text)
        if below and _links(block) >= _READ_ALSO_LINKS and len(block.text) <= LONGEST:
            below -= 1
            if heading:
                yield Boilerplate(field, *heading, "marked")
                heading = None
            yield Boilerplate(field, start, end, "marked")
        elif _is_marker(block):
            heading, below = (start, end), MOST_BELOW
        else:
            heading, below = None, 0
            if _leads_elsewhere(block, title):
                yield Boilerplate(field, start, end, "marked")
        start = end + 2  # the empty line between two blocks


def _links(block: Block, besides: int = 0) -> float:
    """Return which part of a block is links, where some characters of it need not be."""
    asked = len(block.text) - besides
    return block.linked_characters / asked if asked > 0 else 0.0


def _is_marker(block: Block) -> bool:
    """Tell whether a block is nothing but a marker that other blocks follow."""
    if len(block.text) > _LONGEST_MARKER or _links(block) >= _READ_ALSO_LINKS:
        return False
    words = f" {index_words(block.text)} "
    return words in _READ_ALSO.get(_first(words), ())


def _leads_elsewhere(block: Block, title: str) -> bool:
    length = len(block.text)
    if length > _LONGEST_FOOTER:
        return False
    words = f" {index_words(block.text)} "
    first = _first(words)
    if length <= LONGEST and block.linked_characters:
        marker = _beginning(words, _READ_ALSO.get(first, ()))
        if marker and _links(block, len(marker)) >= _READ_ALSO_LINKS:
            return True
        if _beginning(words, _FOLLOW_US.get(first, ())):
            return _links(block) >= _FOLLOW_US_LINKS
    return any(
        words.startswith(beginning)
        and middle in words
        and (_links(block) >= _FOOTER_LINKS or _names(words, title))
        for beginning, middle in _FOOTERS.get(first, ())
    )


def _names(words: str, title: str) -> bool:
    folded = index_words(title)
    return bool(folded) and f" {folded} " in words


def _first(words: str) -> str:
    return words[1 : words.find(" ", 1)]


def _beginning(words: str, markers: Iterable[str]) -> str:
    """Return the longest marker that words begin with; '' if there is none."""
    return max((marker for marker in markers if words.startswith(marker)), key=len, default="")


def _by_first_word(markers: Mapping[str, Iterable[str]]) -> _Markers:
    folded = {f" {index_words(each)} " for language in markers.values() for each in language}
    return {
        first: tuple(sorted(marker for marker in folded if _first(marker) == first))
        for first in map(_first, folded)
    }


_READ_ALSO = _by_first_word(READ_ALSO)
_FOLLOW_US = _by_first_word(FOLLOW_US)
_FOOTERS: dict[str, list[tuple[str, str]]] = {}
for _language in FOOTERS.values():
    for _pair in _language:
        _folded = f" {index_words(_pair[0])} ", f" {index_words(_pair[1])} "
        _FOOTERS.setdefault(_first(_folded[0]), []).append(_folded)
_LONGEST_MARKER = 10 + max(len(marker) for each in _READ_ALSO.values() for marker in each)
