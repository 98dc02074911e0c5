"""Pictures, sound and films as links, for a page that fetches nothing from elsewhere."""

import re
from collections.abc import Callable

from lxml import etree

from aggregator.html.sanitising import clean_noted
from aggregator.html.tree import tree
from aggregator.urls import fetchable

_NAMES = {"img": "Picture", "video": "Video", "audio": "Sound"}
_MEDIA = re.compile(r"<(?:img|video|audio|picture|source)\b", re.IGNORECASE)


def linked_media(html: str, shown_at: Callable[[str], str] | None = None) -> str:
    """Return sanitised markup, maybe with notes in it, with a link where a medium would be.

    The link says what the publisher says of it instead; within another link it is mere text.
    With ``shown_at`` pictures stay, at the address that it gives for their own.
    """
    if not _MEDIA.search(html):
        return html
    body = tree(html)
    if body is None:
        return html
    for medium in tuple(body.iter(*_NAMES)):
        if medium.tag == "img" and shown_at and fetchable(_address(medium)):
            _move(medium, shown_at(_address(medium)))
        else:
            _link(medium)
    # Their tags alone: libxml2 knows not that a source is empty, and puts what follows into it.
    etree.strip_tags(body, "picture", "source", "track")
    return clean_noted(body)


def _move(picture: etree._Element, address: str) -> None:
    for name in ("srcset", "sizes"):
        picture.attrib.pop(name, "")
    picture.set("src", address)
    picture.set("loading", "lazy")


def _link(medium: etree._Element) -> None:
    address, name = _address(medium), _NAMES[medium.tag]
    said = (medium.get("alt") or medium.get("title") or "").strip()
    is_linked = next(medium.iterancestors("a"), None) is not None
    tail = medium.tail
    medium.clear()
    medium.tail, medium.text = tail, f"[{name}: {said}]" if said else f"[{name}]"
    medium.tag = "a" if address and not is_linked else "span"
    if medium.tag == "a":
        medium.set("href", address)


def _address(medium: etree._Element) -> str:
    for each in (medium, *medium.iter("source")):
        if found := each.get("src") or (each.get("srcset") or "").strip().partition(" ")[0]:
            return found
    return ""
