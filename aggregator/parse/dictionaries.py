"""Asking feedparser's dictionaries, whatever stands in them."""

from collections.abc import Iterator, Mapping
from typing import Any

Found = Mapping[str, Any]
"""A dictionary of feedparser's. Its own ``get("updated")`` answers ``published``, and its ``in``
tries every alias of a name. An element with a made-up name can put a value of any type in it."""

BASE = "base in scope"
"""Where we have feedparser keep the base of an entry or a feed; no element has such a name."""


def value(found: Found, name: str) -> object:
    """Return what stands under ``name``, None if nothing does; names are as feedparser keeps them.

    Aliases (``guid``, ``url``, ``description``) and what feedparser works out when it is asked
    (``category``, ``enclosures``, ``license``) are not found.
    """
    return dict.get(found, name) if isinstance(found, dict) else found.get(name)


def string(found: Found, name: str) -> str | None:
    """Return the text under ``name``, without white space around it; None if it has none."""
    text = value(found, name)
    return text.strip() or None if isinstance(text, str) else None


def dictionary(found: Found, name: str) -> Found:
    """Return the dictionary under ``name``, an empty one if there is none."""
    inner = value(found, name)
    return inner if isinstance(inner, Mapping) else {}


def dictionaries(found: Found, name: str) -> Iterator[Found]:
    """Yield the dictionaries in the list under ``name``."""
    values = value(found, name)
    if isinstance(values, list):
        yield from (one for one in values if isinstance(one, Mapping))
