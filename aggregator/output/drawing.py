"""Tables and texts as rich lays them out → plain lines, for a terminal or a pipe."""

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType

_ANY_WIDTH = 1_000_000


def drawn(parts: Iterable[RenderableType], columns: int | None, *, colour: bool) -> str:
    """Return the parts one below the other, wrapped to so many ``columns``; None wraps nothing.

    Their text must be visible already (`aggregator.text.visible`). Spaces at the end of a line,
    which fill up a table's last column, are left out.
    """
    console = Console(
        file=io.StringIO(),
        width=columns or _ANY_WIDTH,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().split("\n")[:-1])
