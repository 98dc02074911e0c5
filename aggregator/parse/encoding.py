"""From the bytes of a document to its text, decoded once.

What names the encoding, the first that applies::

    byte order mark, or the zero bytes of ``<`` and ``?`` in UTF-16 and UTF-32 (XML 1.0, appendix F)
    valid UTF-8 with at least one character beyond ASCII: no other encoding looks like it by chance
    the charset of the Content-Type (RFC 7303 §3)
    the document's own declaration
    UTF-8 with replacements, if more than nine in ten of the characters beyond ASCII are valid
    windows-1252

A named encoding counts only if it is one that publishers use and the bytes are valid in it.
"""

import codecs
import re
from dataclasses import dataclass

from aggregator.wording import counted

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks; those of UTF-32 first, because UTF-16's is the beginning of one of them."""

_FIRST_BYTES = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)

_MEANT = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
"""Python's name of what is declared → the superset that is meant (WHATWG Encoding §4.2)."""

_NEVER_MEANT = frozenset(
    {
        "idna",
        "punycode",
        "raw-unicode-escape",
        "undefined",
        "unicode-escape",
        "utf-7",
    }
)
"""Codecs of Python that no publisher uses; some turn innocent text into markup."""

_WINDOW_BYTES = 1024
_DECLARED = re.compile(
    rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']\s*([\w.:-]+)"""
    rb"""|<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document's text, without byte order mark and without what XML 1.0 §2.2 forbids.

    ``remarks`` are clauses on what was wrong with the bytes.
    """

    text: str
    encoding: str
    remarks: tuple[str, ...] = ()


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode ``body`` by the table above; total. One bad byte costs one U+FFFD."""
    text, encoding, remarks = _marked(body) or _valid_utf8(body) or _named(body, content_type)
    clean, dropped = _FORBIDDEN.subn("", text)
    if dropped:
        remarks = (*remarks, f"it contains {counted(dropped, 'forbidden control character')}")
    return Decoded(clean, encoding, remarks)


def declared(body: bytes, content_type: str | None) -> tuple[str, ...]:
    """Return the encodings that the Content-Type and the document name, in this order."""
    in_header = _CHARSET.search(content_type or "")
    in_document = _DECLARED.search(body[:_WINDOW_BYTES])
    return (
        *((in_header[1],) if in_header else ()),
        *(((in_document[1] or in_document[2]).decode("ascii"),) if in_document else ()),
    )


_Found = tuple[str, str, tuple[str, ...]]


def _marked(body: bytes) -> _Found | None:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), encoding, ()
    for beginning, encoding in _FIRST_BYTES:
        if body.startswith(beginning):
            return body.decode(encoding, "replace"), encoding, ()
    return None


def _valid_utf8(body: bytes) -> _Found | None:
    if body.isascii():
        return None
    try:
        return body.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        return None


def _named(body: bytes, content_type: str | None) -> _Found:
    names = declared(body, content_type)
    for name in names:
        codec = _codec(name)
        if codec is None:
            continue
        try:
            return body.decode(codec), codec, ()
        except UnicodeDecodeError:
            continue
    return _guessed(body, names)


def _codec(name: str) -> str | None:
    """Return the codec that is meant by ``name``, None if it cannot be that of these bytes.

    Of a document in UTF-16 or EBCDIC we would not have read the name in ASCII.
    """
    try:
        found = codecs.lookup(name).name
        if found in _NEVER_MEANT or b"<a>".decode(found) != "<a>":
            return None
    except (LookupError, ValueError):
        return None
    return _MEANT.get(found, found)


def _guessed(body: bytes, names: tuple[str, ...]) -> _Found:
    text = body.decode("utf-8", "replace")
    beyond = len(_BEYOND_ASCII.findall(text))
    replaced = text.count("\ufffd") - body.count("\ufffd".encode())
    if beyond - replaced > _MOSTLY * beyond:
        return text, "utf-8", (f"it contains {counted(replaced, 'invalid UTF-8 byte')}",)
    if replaced == 0:
        return text, "utf-8", ()
    remarks = tuple(
        f"it calls itself {name} and is not; it was read as windows-1252" for name in names[:1]
    )
    return body.decode("cp1252", "replace"), "cp1252", remarks
