"""The addresses within markup, made absolute."""

import re
from collections.abc import Iterator

from lxml import etree

from aggregator.urls import fetchable, resolve

_LINKING = (
    "a", "area", "audio", "blockquote", "del", "img", "ins", "q", "source", "track", "video",
)  # fmt: skip
_LINKS = ("cite", "href", "poster", "src")
OTHER_SCHEMES = frozenset({
    "bitcoin", "callto", "ftp", "ftps", "geo", "gemini", "gopher", "irc", "ircs", "magnet",
    "mailto", "matrix", "mms", "news", "nntp", "rtsp", "sftp", "sip", "sips", "skype", "sms",
    "spotify", "tel", "webcal", "xmpp",
})  # fmt: skip
"""Schemes beside the web's that hand an address to a program, and run nothing."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_BASE = "xml:base"
# A candidate of a srcset, as HTML §4.8.4.2.1 reads it: an address, which may hold commas but not
# end with one, and descriptors up to the next comma.
_CANDIDATE = re.compile(r"([^\s,]\S*+)(?:(?<=,)|(?:\s++([^,]*+))?)")


def resolve_links(body: etree._Element, base: str | None, page: str | None) -> None:
    """Make every address absolute; what cannot be is taken away.

    What is relative is so to the nearest ``xml:base``, else to ``base``. A mere fragment leads
    to a place on the ``page`` that the markup is taken from.
    """
    for element, own in _linking(body, base):
        for name in _LINKS:
            link = element.get(name)
            if link is not None:
                _set(element, name, _resolved(link.strip(), name, own, page))
        candidates = element.get("srcset")
        if candidates is not None:
            _set(element, "srcset", ", ".join(_resolved_candidates(candidates, own)))


def _linking(body: etree._Element, base: str | None) -> Iterator[tuple[etree._Element, str | None]]:
    """Yield every element that may hold an address, with the base in scope."""
    if not any(element.get(_BASE) for element in body.iter(etree.Element)):
        yield from ((element, base) for element in body.iter(*_LINKING))
        return
    bases = [base]
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "end":
            bases.pop()
            continue
        bases.append(resolve(bases[-1], element.get(_BASE) or "") or bases[-1])
        if element.tag in _LINKING:
            yield element, bases[-1]


def _resolved(link: str, name: str, base: str | None, page: str | None) -> str | None:
    scheme = _SCHEME.match(link) if name == "href" else None
    if scheme and scheme[1].lower() in OTHER_SCHEMES:
        return link
    if link.startswith("#") and page and fetchable(page):
        base = page
    return resolve(base, link)


def _set(element: etree._Element, name: str, value: str | None) -> None:
    if value:
        element.set(name, value)
    else:
        del element.attrib[name]


def _resolved_candidates(candidates: str, base: str | None) -> Iterator[str]:
    for link, descriptors in _CANDIDATE.findall(candidates):
        absolute = resolve(base, link.rstrip(","))
        if absolute:
            yield f"{absolute} {descriptors.strip()}".strip()
