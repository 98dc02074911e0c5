"""The addresses within markup, made absolute."""

import re

from lxml import etree

from aggregator.urls import resolve

LINKING = (
    "a", "area", "audio", "blockquote", "del", "img", "ins", "q", "source", "track", "video",
)  # fmt: skip
_LINKS = ("cite", "href", "poster", "src")
_CANDIDATE_END = re.compile(r",\s+|(?<=\d[wx]),")


def resolve_links(element: etree._Element, base: str | None) -> None:
    """Make the addresses of an element absolute; what cannot be is taken away."""
    for name in _LINKS:
        link = element.get(name)
        if link is None or (name == "href" and link.startswith(("mailto:", "tel:"))):
            continue
        _set(element, name, resolve(base, link))
    candidates = element.get("srcset")
    if candidates is not None:
        _set(element, "srcset", _resolved_candidates(candidates, base))


def _set(element: etree._Element, name: str, value: str | None) -> None:
    if value:
        element.set(name, value)
    else:
        del element.attrib[name]


def _resolved_candidates(candidates: str, base: str | None) -> str:
    """Resolve the addresses in a ``srcset``: ``a.jpg 480w, b.jpg 960w`` (HTML §4.8.4.2.1)."""
    kept = []
    for candidate in _CANDIDATE_END.split(candidates):
        link, _, descriptor = candidate.strip().partition(" ")
        absolute = resolve(base, link.rstrip(","))
        if absolute:
            kept.append(f"{absolute} {descriptor.strip()}".strip())
    return ", ".join(kept)
