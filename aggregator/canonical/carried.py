"""The page that a redirect's or a cache's address carries within itself, without asking anybody.

A service is known by its host and path; what only its owner can resolve (``t.co``,
``feedproxy.google.com``) carries nothing and stays as it is.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error
from urllib.parse import SplitResult, parse_qsl

_GOOGLE = re.compile(r"(?:www\.)?google(?:\.com?)?\.[a-z]{2,3}")
_AMP_CACHE = re.compile(r"(?:.*\.)?(?:cdn\.ampproject\.org|bing-amp\.com|amp\.cloudflare\.com)")
_CACHED = re.compile(r"/(?:c|v|wp)/(?:s/)?([^/]+\.[^/.]+/.*)")
_VIEWED = re.compile(r"/amp/(?:s/)?([^/]+\.[^/.]+/.*)")
_YAHOO = re.compile(r"(?:[a-z]+\.)?rd\.yahoo\.com")
_GOOGLE_NEWS = re.compile(r"/(?:__i/rss/rd/|rss/)?articles/([\w-]+)")

# Host, path and the parameters of which one holds the target.
_REDIRECTS = {
    ("duckduckgo.com", "/l"): ("uddg",),
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("news.google.com", "/news/url"): ("url", "q"),
    ("news.google.com", "/url"): ("url", "q"),
    ("out.reddit.com", "/"): ("url",),
    ("t.umblr.com", "/redirect"): ("z",),
    ("www.bing.com", "/news/apiclick.aspx"): ("url",),
    ("www.facebook.com", "/l.php"): ("u",),
    ("www.youtube.com", "/redirect"): ("q",),
}
_BY_GOOGLE = ("url", "q")


def carried(parts: SplitResult) -> str | None:
    """Return the address within a canonical one, None if it carries none."""
    host = parts.hostname or ""
    if _AMP_CACHE.fullmatch(host):
        return _cached(_CACHED, parts)
    if _YAHOO.fullmatch(host):
        return parts.path.partition("/*")[2] or None
    if host == "news.google.com" and (found := _GOOGLE_NEWS.fullmatch(parts.path)):
        return _encoded(found[1])
    names = _REDIRECTS.get((host, parts.path))
    if names is None and _GOOGLE.fullmatch(host):
        if parts.path != "/url":
            return _cached(_VIEWED, parts)
        names = _BY_GOOGLE
    return _parameter(parts.query, names) if names else None


def _cached(form: re.Pattern[str], parts: SplitResult) -> str | None:
    found = form.fullmatch(parts.path if parts.path.count("/") > 2 else f"{parts.path}/")
    query = f"?{parts.query}" if parts.query else ""
    return f"https://{found[1]}{query}" if found else None


def _parameter(query: str, names: tuple[str, ...]) -> str | None:
    pairs = parse_qsl(query)
    targets = (value for name in names for key, value in pairs if key == name)
    whole = (value for value in targets if value.lower().startswith(("http://", "https://")))
    return next(whole, None)


def _encoded(name: str) -> str | None:
    """Return the target in an article's name at Google News: a message with it in field 4.

    Names given out since 2024 hold only a key to it.
    """
    try:
        message = urlsafe_b64decode(name + "=" * (-len(name) % 4))
    except (Error, ValueError):
        return None
    if not message.startswith(b"\x08\x13\x22"):
        return None
    length, begin = message[3] if len(message) > 3 else 0, 4
    if length > 127 and len(message) > begin:  # the rest of the length (varint)
        length, begin = (length & 127) | message[4] << 7, 5
    target = message[begin : begin + length]
    whole = len(target) == length and target.startswith((b"http://", b"https://"))
    return target.decode("utf-8", "replace") if whole else None
