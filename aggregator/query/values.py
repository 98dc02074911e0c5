"""What may stand behind a field that is compared whole: checked, and brought to one form."""

import re
from collections.abc import Callable
from difflib import get_close_matches

from aggregator.query.cursor import named
from aggregator.query.fields import HAS, ascii_lower
from aggregator.urls import host

_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
_ID = re.compile(r"[a-z0-9]+")
SHORTEST_ID = 4


def canonical_value(name: str, text: str) -> str:
    """Return the value as the field ``name`` compares it.

    Raises ValueError, whose one sentence says what may be written.
    """
    if not text:
        raise ValueError(f"`{name}:` needs a value.")
    return _CANONICAL.get(name, str)(text)


def _language(text: str) -> str:
    code = ascii_lower(text).replace("_", "-")
    if _LANGUAGE.fullmatch(code) is None:
        raise ValueError(f"{named(text)} is no language code: write it like fr, pt-BR or und.")
    return code


def _id(text: str) -> str:
    lower = ascii_lower(text)
    if len(lower) < SHORTEST_ID or _ID.fullmatch(lower) is None:
        raise ValueError("`id:` needs the first four characters of an id or more.")
    return lower


def _site(text: str) -> str:
    name = host(f"https://{text.strip('.')}/") if not re.search(r"[/:@?#\\]", text) else None
    if name is None:
        inside = host(text)
        hint = f": write site:{inside}" if inside else " like rfi.fr"
        raise ValueError(f"`site:` needs a host{hint}.")
    return name


def _has(text: str) -> str:
    if text not in HAS:
        close = get_close_matches(text[:20].casefold(), HAS, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        known = ", ".join(HAS[:-1])
        raise ValueError(f"`has:` takes {known} or {HAS[-1]}, not {named(text)}.{meant}")
    return text


_CANONICAL: dict[str, Callable[[str], str]] = {
    "lang": _language,
    "id": _id,
    "site": _site,
    "has": _has,
}
