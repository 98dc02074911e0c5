"""Texts for the terminal with spans marked: coloured, or between « » where there is no colour."""

from collections.abc import Iterable

from rich.text import Text

from aggregator.excerpts import Span, excerpts, merged
from aggregator.text import visible

MOST_EXCERPTS = 3
"""Excerpts of one text for one tag; more would explain nothing better."""

_MARK = "bold yellow"


def plain(text: str) -> Text:
    """Return text of strangers, harmless, its lines kept."""
    return Text(visible(text, keep_lines=True))


def marked(text: str, spans: Iterable[Span], *, colour: bool, style: str = "") -> Text:
    """Return a text of strangers, harmless, with spans marked; overlapping ones become one."""
    shown, at = Text(style=style), 0
    for start, end in merged(spans, len(text)):
        shown.append(visible(text[at:start], keep_lines=True))
        hit = visible(text[start:end], keep_lines=True)
        shown.append(hit if colour else f"«{hit}»", _MARK)
        at = end
    return shown.append(visible(text[at:], keep_lines=True))


def shown_evidence(text: str, spans: Iterable[Span], *, colour: bool) -> list[Text]:
    """Return the excerpts around spans, marked: the first `MOST_EXCERPTS`, then how many more."""
    found = excerpts(text, spans)
    shown = [marked(part, within, colour=colour) for part, within in found[:MOST_EXCERPTS]]
    if left := len(found) - len(shown):
        shown.append(Text(f"and in {left:,} more places"))
    return shown
