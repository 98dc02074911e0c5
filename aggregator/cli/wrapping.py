"""Sentences for stderr: harmless, and on a terminal broken between words."""

import shutil
import sys
from textwrap import fill

from aggregator.text import visible

_NARROWEST = 20


def told(sentence: str) -> str:
    """Return a sentence for stderr; nothing in it can act on a terminal.

    On a terminal lines break between words, so that nobody reads half of one. Lines that are
    indented stay as they are: carets may stand below them.
    """
    shown = visible(sentence, keep_lines=True)
    if not sys.stderr.isatty():
        return shown
    columns = max(_NARROWEST, shutil.get_terminal_size().columns)
    return "\n".join(_broken(line, columns) for line in shown.split("\n"))


def _broken(line: str, columns: int) -> str:
    if len(line) <= columns or line[:1].isspace():
        return line
    return fill(
        line, columns, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
