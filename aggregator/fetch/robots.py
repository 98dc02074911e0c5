"""What a robots.txt lets us ask for (RFC 9309 §2.2).

::

    User-agent: aggregator        # a group: for whom …
    User-agent: other
    Disallow: /private/           # … and what: the longest pattern counts, Allow at equal length
    Allow: /private/*.xml$        # * is any text, $ the end

Python's own reader takes the first pattern instead of the longest, knows neither ``*`` nor ``$``
in one, and raises on ``Crawl-delay: ²``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PRODUCT = "aggregator"
"""Our product token: groups for it count before those for ``*``."""

MOST_BYTES = 512 * 1024
"""How much of a file is read: RFC 9309 §2.5 asks for 500 KiB at least."""


@dataclass(frozen=True, slots=True)
class _Rule:
    is_allowed: bool
    pattern: str


def allows(robots: bytes, url: str) -> bool:
    """Tell whether a robots.txt lets us ask for ``url``; total."""
    parts = urlsplit(url)
    asked = unquote(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")
    rules = _rules(robots[:MOST_BYTES].decode("utf-8-sig", "replace"))
    matching = [rule for rule in rules if _matches(rule.pattern, asked)]
    best = max(matching, key=lambda rule: (len(rule.pattern), rule.is_allowed), default=None)
    return best is None or best.is_allowed


def _rules(text: str) -> list[_Rule]:
    """Return the rules of all groups for us, else of all groups for everybody (§2.2.1)."""
    ours: list[_Rule] = []
    everybodys: list[_Rule] = []
    named: set[str] = set()
    is_open = False
    for field, value in _lines(text):
        if field == "user-agent":
            named = {value.lower()} | (named if is_open else set())
            is_open = True
        elif field in ("allow", "disallow"):
            is_open = False
            rule = _Rule(field == "allow", unquote(value))
            # An empty pattern matches nothing.
            ours += [rule] if PRODUCT in named and value else []
            everybodys += [rule] if "*" in named and value else []
            if PRODUCT in named and not value:
                ours.append(_Rule(is_allowed=True, pattern=""))
    return ours or everybodys


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield field.strip().lower(), value.strip()


def _matches(pattern: str, asked: str) -> bool:
    """Tell whether a pattern matches the beginning of what is asked for; in linear time."""
    ends = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not asked.startswith(first):
        return False
    at = len(first)
    if not pieces:
        return not ends or at == len(asked)
    for piece in pieces[:-1] if ends else pieces:
        at = asked.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return not ends or (len(asked) - at >= len(pieces[-1]) and asked.endswith(pieces[-1]))
