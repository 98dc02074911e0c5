"""Markup laid out as plain text: blocks separated by an empty line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby

from lxml import etree

from aggregator.html.tree import BLOCKS, MAX_HTML, TAG, printable, tree
from aggregator.text import single_line

# Soft hyphens and spaces of no width, which split words only where a line ends. Those that
# shape the letters beside them (U+200C, U+200D) stay.
INVISIBLE = re.compile(r"[\xad\u180e\u200b\u2060\ufeff]")

# Markers in text that is about to be laid out; cleaned text contains none of them.
_LINE = "\x01"
_BLOCK = "\x02"
_LINKED, _UNLINKED = "\x03", "\x04"
_LINKS = re.compile(f"{_LINKED}([^{_UNLINKED}]*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of plain text, and how many of its characters are those of links."""

    text: str
    linked_characters: int


def plain(html: str) -> str:
    """Return the text of markup: blocks separated by an empty line, ``<br>`` a line end.

    Inline elements add nothing, so that they split no word; entities are decoded once; white
    space is collapsed; soft hyphens are dropped. What pictures say instead of themselves is read
    only where there is nothing else.
    """
    return "\n\n".join(block.text for block in blocks(html))


def blocks(html: str) -> tuple[Block, ...]:
    """Return the blocks of `plain`, in order; no text of one is empty or holds an empty line."""
    if "<" not in html:
        return tuple(_laid_out(unescape(printable(html[:MAX_HTML]))))
    body = tree(html)
    if body is None:
        return tuple(_laid_out(_without_tags(html)))
    return tuple(_laid_out(_marked_text(body))) or tuple(_laid_out(_alternatives(body)))


def from_text(text: str) -> str:
    """Return plain text as markup: line ends kept, paragraphs at empty lines if there are any."""
    parts = re.split(r"\n\s*\n", printable(text[:MAX_HTML]).strip())
    if len(parts) == 1:
        return _with_line_ends(parts[0])
    return "".join(f"<p>{_with_line_ends(part)}</p>" for part in parts if part)


def _marked_text(body: etree._Element) -> str:
    pieces: list[str] = []
    links = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        name = element.tag
        pieces.append(_BLOCK if name in BLOCKS else "")
        if event == "start":
            links += name == "a"
            text = _LINE if name == "br" else element.text
        else:
            links -= name == "a"
            text = element.tail
        if text:
            pieces.append(f"{_LINKED}{text}{_UNLINKED}" if links else text)
    return "".join(pieces)


def _alternatives(body: etree._Element) -> str:
    return _BLOCK.join(image.get("alt") or "" for image in body.iter("img"))


def _without_tags(html: str) -> str:
    """Return the marked text of markup that no tree can be built of."""
    return unescape(TAG.sub(_mark, printable(html)[:MAX_HTML]))


def _mark(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    return _LINE if name == "br" else _BLOCK if name in BLOCKS else ""


def _laid_out(marked: str) -> Iterator[Block]:
    for block in INVISIBLE.sub("", marked).split(_BLOCK):
        lines = ((_line(line), line) for line in block.split(_LINE))
        yield from _paragraphs(lines)


def _paragraphs(lines: Iterable[tuple[str, str]]) -> Iterator[Block]:
    for is_text, group in groupby(lines, key=lambda line: bool(line[0])):
        if is_text:
            paragraph = tuple(group)
            text = "\n".join(line for line, _ in paragraph)
            linked = sum(_linked(marked) for _, marked in paragraph)
            yield Block(text, min(linked, len(text)))


def _line(marked: str) -> str:
    return single_line(printable(marked))


def _linked(marked: str) -> int:
    return sum(len(_line(link)) for link in _LINKS.findall(marked))


def _with_line_ends(block: str) -> str:
    return "<br>".join(escape(line, quote=False) for line in block.split("\n"))
