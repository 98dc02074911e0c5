"""What an entry said before: its revisions, each with what became of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import pairwise

from rich.console import RenderableType
from rich.text import Text

from aggregator.cli import terminal
from aggregator.cli.terminal import Terminal
from aggregator.differences import Piece, changes
from aggregator.model.entries import Entry
from aggregator.store.base import Revision
from aggregator.text import visible
from aggregator.wording import local

_STYLES = {"went": "red strike", "came": "green"}
_SIGNS = {"went": "[-{}-]", "came": "{{+{}+}}"}


def told_revisions(
    entry: Entry, revisions: Sequence[Revision], shown: Terminal, zone: tzinfo
) -> Iterator[RenderableType]:
    """Yield, for each revision of ``entry``, latest first, what was changed and when."""
    if revisions:
        yield Text("\nREVISIONS", style="dim")
    states = [entry, *(revision.entry for revision in revisions)]
    for revision, (after, before) in zip(revisions, pairwise(states), strict=True):
        yield Text(local(revision.replaced_at, zone), style="bold")
        told = [
            (field, told_difference(pieces, colour=shown.colour))
            for field, pieces in changes(before, after)
        ]
        yield terminal.pairs(told or [("", Text("nothing that is shown"))])


def told_difference(pieces: Iterable[Piece], *, colour: bool) -> Text:
    """Return what became of a text, as one line.

    Without colour what went stands as ``[-old-]``, what came as ``{+new+}``, as wdiff has it.
    """
    return Text(" ").join(_told(piece, colour=colour) for piece in pieces)


def _told(piece: Piece, *, colour: bool) -> Text:
    sign = "{}" if colour else _SIGNS.get(piece.kind, "{}")
    return Text(sign.format(visible(piece.text)), _STYLES.get(piece.kind, ""))
