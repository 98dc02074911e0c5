"""From the bytes of a document to its text, decoded once.

What names the encoding, the first that applies::

    byte order mark, or the zero bytes of UTF-16 and UTF-32 around the first markup, or
    ``<?xml`` in EBCDIC (XML 1.0, appendix F)
    valid UTF-8 with at least one character beyond ASCII: no other encoding looks like it by chance
    the charset of the Content-Type (RFC 7303 §3)
    the document's own declaration
    UTF-8 with replacements, if more than nine in ten of the characters beyond ASCII are valid;
    half of them are enough where nothing else is named
    what is named, with replacements, if more than nine in ten are valid in it
    the encoding that the document's language was written in before UTF-8, if the bytes are valid
    that of another script, if letters beyond ASCII come in runs (`aggregator.parse.guessing`)
    windows-1252

A named encoding counts only if it is one that publishers use and the bytes are valid in it.
"""

import codecs
import re
from dataclasses import dataclass

from aggregator.parse import labels, whereabouts
from aggregator.parse.guessing import guess
from aggregator.wording import counted

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; those of UTF-32 first, because UTF-16's is the beginning of one of them."""

_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_EBCDIC_BEGINS = b"\x4c\x6f\xa7\x94\x93"
"""``<?xml``, the same in all of them."""

_WINDOW_BYTES = 1024
_DECLARED = re.compile(
    rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_LANGUAGE = re.compile(
    rb"""<(?:dc:)?language>\s*(?:<!\[CDATA\[\s*)?([\w-]+)|\bxml:lang\s*=\s*["']([\w-]+)"""
    rb"""|"language"\s*:\s*"([\w-]+)""",
    re.IGNORECASE,
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_LATE_MARK = re.compile("[\\s\ufeff]*\ufeff")
_C1 = re.compile("[\x80-\x9f]")
_TWICE = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
C1_MEANT = {
    code: character
    for code in range(0x80, 0xA0)
    if (character := bytes((code,)).decode("cp1252", "ignore"))
}
"""What is meant by a control character of ISO 8859-1: the one that windows-1252 has in its place
(HTML Standard §13.2.5.80)."""

_FEW = 0.1
_HALF = 0.51


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text, without byte order mark and without what XML 1.0 §2.2 forbids.

    Lines end in a line feed (XML 1.0 §2.11). ``remarks`` are clauses on what was wrong with the
    bytes.
    """

    text: str
    encoding: str
    remarks: tuple[str, ...] = ()


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode ``body`` by the table above; total. One bad byte costs one U+FFFD."""
    text, encoding, remarks = (
        _marked(body) or _ebcdic(body) or _valid_utf8(body) or _named(body, content_type)
    )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, more = _without_controls(_without_mark(text))
    return Decoded(text, encoding, (*remarks, *more))


def declared(body: bytes, content_type: str | None) -> tuple[str, ...]:
    """Return the encodings that the Content-Type and the document name, in this order."""
    in_header = _CHARSET.search(content_type or "")
    in_document = _DECLARED.search(body[:_WINDOW_BYTES])
    return (
        *((in_header[1],) if in_header else ()),
        *(((in_document[1] or in_document[2]).decode("ascii"),) if in_document else ()),
    )


_Found = tuple[str, str, tuple[str, ...]]


# --- what the first bytes say --------------------------------------------------------------------


def _marked(body: bytes) -> _Found | None:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _wide(body[len(mark) :], encoding)
    found = _by_zeros(body)
    return _wide(body, found) if found else None


def _wide(rest: bytes, encoding: str) -> _Found:
    """Decode what follows a mark, unless the first markup gives that the lie."""
    if encoding != "utf-8":
        encoding = _by_zeros(rest) or encoding
        if rest[:1] in b"<{" and rest[1:2].isascii() and rest[1:2] > b" ":
            return _valid_utf8(rest) or _named(rest, None)
    text = rest.decode(encoding, "replace")
    return text, encoding, _replaced(text, rest.count("\ufffd".encode(encoding)), encoding)


def _by_zeros(body: bytes) -> str | None:
    """Return in which of the wide encodings the body begins with ``<`` or ``{``."""
    for encoding in _WIDE:
        beginning = body[:_WINDOW_BYTES].decode(encoding, "ignore").lstrip()
        if beginning[:1] in ("<", "{") and (len(beginning) == 1 or beginning[1].isascii()):
            return encoding
    return None


def _ebcdic(body: bytes) -> _Found | None:
    if not body.startswith(_EBCDIC_BEGINS):
        return None
    names = declared(body[:_WINDOW_BYTES].decode("cp037").encode("ascii", "replace"), None)
    encoding = "cp037"
    for name in names:
        try:
            found = codecs.lookup(name).name
            encoding = found if _EBCDIC_BEGINS.decode(found) == "<?xml" else encoding
        except (LookupError, ValueError):
            continue
    text = body.decode(encoding, "replace").replace("\x85", "\n")
    return text, encoding, _replaced(text, 0, encoding)


def _without_mark(text: str) -> str:
    """Drop marks that stand at the beginning all the same: after an empty line, or a second."""
    late = _LATE_MARK.match(text)
    return "\n" * late[0].count("\n") + text[late.end() :] if late else text


# --- what is named -------------------------------------------------------------------------------


def _valid_utf8(body: bytes) -> _Found | None:
    if body.isascii():
        return None
    try:
        return body.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        joined = _SURROGATES.sub(_joined, body)
        return _valid_utf8(joined) if joined != body else None


def _joined(pair: re.Match[bytes]) -> bytes:
    """Return one character in UTF-8 for two surrogates, as Java and Oracle write it (CESU-8)."""
    surrogates = pair[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
    return surrogates.decode("utf-16").encode()


def _named(body: bytes, content_type: str | None) -> _Found:
    # That there is nothing beyond ASCII is the default of many servers, and then not true.
    names = sorted(declared(body, content_type), key=labels.is_ascii)
    encodings = tuple(filter(None, map(labels.codec, names)))
    for encoding in encodings:
        try:
            return body.decode(encoding), encoding, ()
        except UnicodeDecodeError:
            continue
    others = tuple(name for name in encodings if name != "utf-8")
    return (
        _mostly(body, "utf-8", _FEW if others else _HALF)
        or next(
            filter(None, (_mostly(body, name, _FEW) for name in others)),
            None,
        )
        or _guessed(body, tuple(names))
    )


def _mostly(body: bytes, encoding: str, too_many: float) -> _Found | None:
    """Decode with replacements, if less than that share of what is beyond ASCII is invalid."""
    text = body.decode(encoding, "replace")
    beyond = len(_BEYOND_ASCII.findall(text))
    own = body.count("\ufffd".encode()) if encoding == "utf-8" else 0
    bad = text.count("\ufffd") - own
    if bad and bad >= too_many * beyond:
        return None
    return text, encoding, _replaced(text, own, encoding)


def _guessed(body: bytes, names: tuple[str, ...]) -> _Found:
    spoken = _LANGUAGE.search(body[:65_536])
    tag = (spoken[1] or spoken[2] or spoken[3]).decode("ascii") if spoken else ""
    encoding = labels.by_language(body, tag) or guess(body) or "cp1252"
    shown = "windows-1252" if encoding == "cp1252" else encoding
    remarks = tuple(
        f"it calls itself {name} and is not; it was read as {shown}" for name in names[:1]
    )
    if not names and encoding != "cp1252":
        remarks = (f"it does not say in which encoding it is; it was read as {shown}",)
    return body.decode(encoding, "replace"), encoding, remarks


# --- what is told and left out -------------------------------------------------------------------


def _replaced(text: str, own: int, encoding: str) -> tuple[str, ...]:
    """Tell of the characters that could not be read; ``own`` of them the document has itself."""
    bad = text.count("\ufffd") - own
    if bad <= 0:
        return ()
    first = whereabouts.line(text, text.index("\ufffd"))
    shown = "UTF-8" if encoding == "utf-8" else encoding
    return (f"it contains {counted(bad, f'invalid {shown} byte')}{_first(bad, first)}",)


def _without_controls(text: str) -> tuple[str, tuple[str, ...]]:
    remarks = []
    if met := _C1.search(text):
        where = whereabouts.line(text, met.start())
        text = _TWICE.sub(_once, text)
        text, number = _C1.subn(lambda control: C1_MEANT.get(ord(control[0]), ""), text)
        what = counted(number, "control character")
        remarks.append(
            f"it contains {what} for one of windows-1252{_first(number, where)}"
            if number
            else f"it contains characters that were encoded twice, the first in {where}"
        )
    if met := _FORBIDDEN.search(text):
        where = whereabouts.line(text, met.start())
        text, number = _FORBIDDEN.subn("", text)
        what = counted(number, "forbidden control character")
        remarks.append(f"it contains {what}{_first(number, where)}")
    return text, tuple(remarks)


def _once(twice: re.Match[str]) -> str:
    """Return the character whose bytes in UTF-8 were taken for characters, if one is a control."""
    if not _C1.search(twice[0]):
        return twice[0]
    try:
        return twice[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return twice[0]


def _first(number: int, where: str) -> str:
    return f" in {where}" if number == 1 else f", the first in {where}"
