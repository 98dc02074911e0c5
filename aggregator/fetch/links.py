"""The Link headers of a response (RFC 8288) → what its document is linked to.

::

    Link       = link *( "," link )
    link       = "<" reference ">" *( ";" parameter )
    parameter  = name [ "=" ( token / quoted-string ) ]

What breaks these rules is left out, up to the next comma; nothing raises.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from aggregator.fetch.headers import Headers, values
from aggregator.model.fetching import Link
from aggregator.urls import as_written

MOST_LINKS = 100
"""How many links of a response are looked at."""

_REFERENCE = re.compile(r"[\s,]*<([^<>]*)>")
_PARAMETER = re.compile(r"\s*;\s*(?:([^\s=;,\"]+)\s*(?:=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s;,\"]*))?)?")
_ESCAPED = re.compile(r"\\(.)")
_SPACE = re.compile(r"\s+")


def read_links(headers: Headers, url: str) -> tuple[Link, ...]:
    """Return the links of a response that came from ``url``, one for each of their relations.

    Links about something else (with an ``anchor`` that is not this response) are left out, which
    RFC 8288 §3.2 allows.
    """
    written = b", ".join(values(headers, b"link")).decode("utf-8", "replace")
    found: dict[Link, None] = {}
    for reference, parameters in _links(written):
        target = as_written(url, reference)
        about = parameters.get("anchor")
        if target is None or (about is not None and as_written(url, about) != url):
            continue
        for relation in parameters.get("rel", "").lower().split():
            found[Link(relation, target, _media_type(parameters), _title(parameters))] = None
    return tuple(found)[:MOST_LINKS]


def _links(written: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield references with their parameters, each of which counts once: the first (§3.3)."""
    at = 0
    for _ in range(MOST_LINKS):
        reference = _REFERENCE.match(written, at)
        parameters: dict[str, str] = {}
        if reference is not None:
            at = reference.end()
            while parameter := _PARAMETER.match(written, at):
                at = parameter.end()
                if parameter[1]:
                    parameters.setdefault(parameter[1].lower(), _unquoted(parameter[2] or ""))
            yield reference[1], parameters
        comma = written.find(",", at)
        if comma < 0:
            return
        at = comma + 1


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def _media_type(parameters: dict[str, str]) -> str | None:
    return parameters.get("type", "").partition(";")[0].strip().lower() or None


def _title(parameters: dict[str, str]) -> str:
    """Return the title; ``title*`` names its charset (RFC 8187 §3.2.1) and is the better one."""
    charset, _, rest = parameters.get("title*", "").partition("'")
    encoded = rest.partition("'")[2]
    is_ours = charset.lower() == "utf-8" and encoded
    title = unquote(encoded, errors="replace") if is_ours else parameters.get("title", "")
    return _SPACE.sub(" ", title).strip()
