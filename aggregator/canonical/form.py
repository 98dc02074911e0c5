"""`canonical`: addresses of one page become equal, those of two pages stay apart."""

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from aggregator.canonical.carried import carried
from aggregator.canonical.tracking import is_tracking
from aggregator.canonical.variants import desktop_host, is_variant, without_amp
from aggregator.urls import ascii_name, resolve

_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)


def canonical(url: str) -> str:
    """Return the form that addresses of one page share: for comparison, never for display.

    http is taken for https; host, default port, percent-encoding (RFC 3986 §6.2.2), dot
    segments, the order of parameters with different names and a trailing slash are
    normalised; tracking parameters, session ids and the fragment are dropped, except one that
    is a route of its own (``#!…``, ``#/…``). A redirect or a cache stands for the page whose
    address it carries, and the AMP or mobile variant of a page for the page. Idempotent; what
    is no web address is returned as it is.
    """
    absolute = resolve(None, url)
    if absolute is None:
        return url
    form = _plain(urlsplit(absolute))
    while (simpler := _simpler(form)) is not None:
        form = simpler
    return form


def _simpler(form: str) -> str | None:
    """Return a form that is shorter, or has a host that no rule knows; None if there is none."""
    parts = urlsplit(form)
    inner = resolve(None, carried(parts) or "")
    if inner is not None:
        return _plain(urlsplit(inner))
    path = without_amp(parts.path)
    return _plain(parts._replace(path=path)) if path != parts.path else None


def _plain(parts: SplitResult) -> str:
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    name = desktop_host(ascii_name(parts))
    return urlunsplit(
        (
            "https",
            _authority(parts, name),
            _path(parts.path),
            _query(parts.query, name),
            _escapes(fragment),
        )
    )


def _authority(parts: SplitResult, name: str) -> str:
    name = f"[{name}]" if ":" in name else name
    user = parts.netloc.rpartition("@")[0]
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    return f"{_escapes(user)}@{name}{port}" if user else name + port


def _path(path: str) -> str:
    path = _SESSION.sub("", _escapes(path))
    return _without_dot_segments(path).rstrip("/") or "/"


def _without_dot_segments(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _query(query: str, host: str) -> str:
    pairs = (_escapes(pair) for pair in query.split("&"))
    kept = [
        pair
        for pair in pairs
        if pair and not is_tracking(pair, host) and not is_variant(pair, host)
    ]
    return "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0]))


def _escapes(part: str) -> str:
    ascii_part = quote(part, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")
    return _ESCAPE.sub(_escape, ascii_part)


def _escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if _UNRESERVED.fullmatch(character) else found[0].upper()
