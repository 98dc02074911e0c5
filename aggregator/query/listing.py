"""The grammar of named lists in queries: ``$sahel-states``."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from aggregator.query.cursor import Cursor, named
from aggregator.query.nodes import Listed, Node

NO_LISTS: Mapping[str, Node] = MappingProxyType({})
"""What a query may call by name where there is no configuration."""

_LONGEST = 60
_SHOWN = 10


def read_listed(cursor: Cursor, lists: Mapping[str, Node]) -> Listed:
    """list = "$" name, of one of ``lists``; the cursor stays before it"""
    run = cursor.run()
    name = run.text[1:]
    if name in lists:
        return Listed(name, lists[name], run.start, run.end)
    if not name:
        sentence, hint = "The name of a list stands directly behind `$`.", None
    else:
        sentence = f"There is no list {named(run.text)}."
        hint = _suggestion(cursor, name, lists)
    raise cursor.error(run.start, max(run.end, run.start + 1), sentence, hint)


def _suggestion(cursor: Cursor, name: str, lists: Mapping[str, Node]) -> str:
    run = cursor.run()
    if not lists:
        return f'Lists are defined under `terms:` in the configuration; the word is "{name}".'
    close = get_close_matches(name[:_LONGEST].casefold(), lists, n=1)
    if not close:
        shown = ", ".join(f"${each}" for each in sorted(lists)[:_SHOWN])
        more = ", …" if len(lists) > _SHOWN else ""
        return f'The lists are {shown}{more}; the word is "{name}".'
    corrected = cursor.corrected(run.start, run.end, f"${close[0]}")
    return f"Did you mean ${close[0]}? Write `{corrected}`."
