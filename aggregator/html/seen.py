"""What of markup a reader sees: no scripts, nothing hidden, no pixel that counts him.

Pictures that wait for a script are shown at once, and a player in a frame becomes a link.
"""

import re

from lxml import etree

from aggregator.html.trackers import counts_readers
from aggregator.urls import host, resolve

# Beside the text of these, what they contain is no text either.
DROPPED = (
    "annotation", "annotation-xml", "applet", "button", "canvas", "datalist", "frameset",
    "iframe", "noembed", "noframes", "object", "script", "select", "style", "svg", "template",
    "textarea", "title",
)  # fmt: skip
MATHEMATICS = frozenset({
    "math", "menclose", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded",
    "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub",
    "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "none",
    "semantics",
})  # fmt: skip

_HIDING = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_STYLED_SIZE = re.compile(
    r"(?:^|[;\s])(width|height)\s*:\s*([0-9.]+)(?:px)?\s*(?=;|!|$)", re.IGNORECASE
)
_PICTURES = ("audio", "embed", "iframe", "img", "source", "video")
_WAITING = {
    "src": (
        "data-src", "data-lazy-src", "data-original", "data-lazy", "data-original-src",
        "data-actualsrc", "data-hi-res-src", "data-cfsrc", "data-echo",
    ),
    "srcset": ("data-srcset", "data-lazy-srcset", "data-original-set"),
}  # fmt: skip
"""Where the scripts in use look for the address of a picture that is loaded when it is seen."""
_ADDRESS = re.compile(r"(?!data:|javascript:)\S*[./]\S*", re.IGNORECASE)

_PLAYERS = frozenset({
    "archive.org", "bandcamp.com", "brightcove.net", "dailymotion.com", "facebook.com",
    "jwplatform.com", "mixcloud.com", "odysee.com", "podbean.com", "rumble.com", "rutube.ru",
    "soundcloud.com", "spotify.com", "spreaker.com", "streamable.com", "ted.com", "tiktok.com",
    "twitch.tv", "vimeo.com", "vk.com", "youtube-nocookie.com", "youtube.com",
})  # fmt: skip
_YOUTUBE = re.compile(
    r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{11})(?![\w-])[^#]*"
)
_VIMEO = re.compile(r"https?://player\.vimeo\.com/video/([0-9]+)[^#]*")
_DAILYMOTION = re.compile(r"https?://(?:www\.|geo\.)?dailymotion\.com/embed/video/(\w+)[^#]*")
_PAGES = (
    (_YOUTUBE, r"https://www.youtube.com/watch?v=\1"),
    (_VIMEO, r"https://vimeo.com/\1"),
    (_DAILYMOTION, r"https://www.dailymotion.com/video/\1"),
)


def keep_what_is_seen(body: etree._Element) -> None:
    """Take out of a tree what nobody sees, and put in what a script would have shown."""
    for element in body.iter(*_PICTURES):
        _show_waiting(element)
    for frame in tuple(body.iter("iframe", "embed")):
        _link_to_player(frame)
    etree.strip_elements(body, *DROPPED, with_tail=False)
    # Browsers read <image> as <img>, libxml2 does not: its address would stay unresolved.
    etree.strip_tags(body, "noscript", "image")
    _keep_mathematics_apart(body)
    for element in tuple(body.iterdescendants(etree.Element)):
        if _is_hidden(element):
            _empty(element)
    for image in tuple(body.iter("img")):
        if _counts(image):
            drop(image)


def drop(element: etree._Element) -> None:
    """Take an element out of its tree, and leave the text after it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


# --- pictures -----------------------------------------------------------------------------------


def _show_waiting(element: etree._Element) -> None:
    """Give a picture that is loaded when it is seen the address that it will have then."""
    beside = element.getnext()
    has_substitute = (
        beside is not None and beside.tag == "noscript" and beside.find(".//img") is not None
    )
    for name, places in _WAITING.items():
        address = next((a for place in places if (a := _address(element, place))), None)
        if address is None:
            continue
        if has_substitute:
            element.set("src", "")
            return
        element.set(name, address)


def _address(element: etree._Element, place: str) -> str | None:
    value = (element.get(place) or "").strip()
    is_one = _ADDRESS.match(value) if place.endswith("set") else _ADDRESS.fullmatch(value)
    return value if is_one else None


def _counts(image: etree._Element) -> bool:
    """Tell whether an image is the pixel that counts readers, by its size or its address."""
    sides = dict(_STYLED_SIZE.findall((image.get("style") or "").lower()))
    sizes = {
        (image.get(side) or sides.get(side) or "").strip().removesuffix("px")
        for side in ("width", "height")
    }
    return sizes <= {"0", "1"} or counts_readers(image.get("src") or "")


# --- frames -------------------------------------------------------------------------------------


def _link_to_player(frame: etree._Element) -> None:
    """Make a link of a frame that plays something; all others are dropped."""
    address = resolve(None, frame.get("src") or "")
    name = host(address) if address else None
    if address is None or name is None or not _plays(name):
        return
    for form, page in _PAGES:
        address = form.sub(page, address)
    paragraph = etree.Element("p")
    link = etree.SubElement(paragraph, "a", href=address)
    link.text = frame.get("title") or address
    if frame.tag == "embed":  # in this tree it holds what comes after it
        paragraph.tail, frame.text = frame.text, None
        frame.insert(0, paragraph)
    else:
        _empty(frame)
        frame.append(paragraph)
    frame.tag = "div"


def _plays(name: str) -> bool:
    labels = name.split(".")
    return any(".".join(labels[start:]) in _PLAYERS for start in range(len(labels) - 1))


# --- the rest -----------------------------------------------------------------------------------


def _keep_mathematics_apart(body: etree._Element) -> None:
    """Let only mathematics stand in mathematics: browsers read other elements there otherwise."""
    if body.find(".//math") is not None:
        for formula in tuple(body.iter("math")):
            foreign = {str(element.tag) for element in formula.iterdescendants(etree.Element)}
            etree.strip_tags(formula, "math", *(foreign - MATHEMATICS))
    inside = {element for formula in body.iter("math") for element in formula.iter()}
    for element in body.iter(*MATHEMATICS):
        if element not in inside:
            element.tag = "span"


def _is_hidden(element: etree._Element) -> bool:
    return "hidden" in element.attrib or bool(_HIDING.search(element.get("style") or ""))


def _empty(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail
