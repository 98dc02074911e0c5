"""Pages that publishers make twice: for AMP, and for mobile telephones.

A host is another's mobile variant only if it is known to serve the same paths: ``m.`` and
``amp.`` alone say nothing. ``/amp`` is dropped only where the rest of the path looks like an
article's, since ``/guitars/amp`` is a page of its own.
"""

import re

_HOSTS = {
    "amp.abc.net.au": "www.abc.net.au",
    "amp.dw.com": "www.dw.com",
    "amp.france24.com": "www.france24.com",
    "amp.ft.com": "www.ft.com",
    "amp.rfi.fr": "www.rfi.fr",
    "amp.scmp.com": "www.scmp.com",
    "amp.smh.com.au": "www.smh.com.au",
    "amp.theage.com.au": "www.theage.com.au",
    "amp.theguardian.com": "www.theguardian.com",
    "amp.usatoday.com": "www.usatoday.com",
    "m.aljazeera.com": "www.aljazeera.com",
    "m.bbc.co.uk": "www.bbc.co.uk",
    "m.bbc.com": "www.bbc.com",
    "m.dw.com": "www.dw.com",
    "m.facebook.com": "www.facebook.com",
    "m.faz.net": "www.faz.net",
    "m.france24.com": "www.france24.com",
    "m.huffpost.com": "www.huffpost.com",
    "m.reddit.com": "www.reddit.com",
    "m.rfi.fr": "www.rfi.fr",
    "m.spiegel.de": "www.spiegel.de",
    "m.theguardian.com": "www.theguardian.com",
    "m.youtube.com": "www.youtube.com",
    "mobile.nytimes.com": "www.nytimes.com",
    "mobile.reuters.com": "www.reuters.com",
    "mobile.twitter.com": "twitter.com",
    "old.reddit.com": "www.reddit.com",
}
_WIKI = re.compile(
    r"([a-z-]+)\.m\.(wiki(?:books|data|media|news|pedia|quote|source|versity|voyage)"
    r"|wiktionary|mediawiki)\.org"
)
_BLOGSPOT = re.compile(r"([a-z0-9-]+)\.blogspot\.(?:com?\.)?[a-z]{2,3}")
_SUFFIX = re.compile(r"([^/])\.amp(\.html)?$")
_AMP_VALUES = frozenset({"", "1", "true", "yes"})
# What an article's path has: a year or a number, a name of three words or more, a file's suffix.
_ARTICLE = re.compile(r"[0-9]{4}|[^/_-][_-]+[^/_-]+[_-]+[^/_-][^/]*$|\.(?:s?html?|php|aspx?|cms)$")


def desktop_host(name: str) -> str:
    """Return the host whose mobile or country's variant this one is, or itself."""
    wiki = _WIKI.fullmatch(name)
    if wiki:
        return f"{wiki[1]}.{wiki[2]}.org"
    blog = _BLOGSPOT.fullmatch(name)
    return f"{blog[1]}.blogspot.com" if blog else _HOSTS.get(name, name)


def is_variant(pair: str, host: str) -> bool:
    """Tell whether ``name=value`` asks for the AMP or the mobile variant of a page."""
    name, _, value = pair.lower().partition("=")
    if name == "m" and value in ("0", "1"):
        return _BLOGSPOT.fullmatch(host) is not None
    return (name == "amp" and value in _AMP_VALUES) or (name == "outputtype" and value == "amp")


def without_amp(path: str) -> str:
    """Return the path of the page whose AMP variant has this path, or itself.

    ``/story/amp``, ``/amp/story`` and ``/news/amp/story``; ``story.amp`` and ``story.amp.html``.
    """
    path = _SUFFIX.sub(r"\1\2", path)
    segments = path.split("/")
    if "amp" not in segments:
        return path
    at = len(segments) - 1 - segments[::-1].index("amp")
    rest = "/".join(segments[:at] + segments[at + 1 :])
    return rest if _ARTICLE.search(rest) else path
