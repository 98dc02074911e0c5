"""What publishers call their encodings → Python's codec for what they mean.

Labels are those of the WHATWG's Encoding Standard (§4.2), which is what browsers read, and those
that Python knows besides. A document that names none is guessed at by its language, as browsers
do by the reader's (HTML Standard §13.2.3.2).
"""

import codecs
import re

_UNKNOWN_TO_PYTHON = {
    "cnbig5": "big5",
    "csbig5": "big5",
    "cseuckr": "cp949",
    "cseucpkdfmtjapanese": "euc_jp",
    "csgb2312": "gb18030",
    "csiso88596e": "iso8859-6",
    "csiso88596i": "iso8859-6",
    "csiso88598e": "iso8859-8",
    "csiso88598i": "iso8859-8",
    "csisolatin9": "iso8859-15",
    "csksc56011987": "cp949",
    "csmacintosh": "mac-roman",
    "dos874": "cp874",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "isoir149": "cp949",
    "iso88596e": "iso8859-6",
    "iso88596i": "iso8859-6",
    "iso88598e": "iso8859-8",
    "iso88598i": "iso8859-8",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8ru": "koi8-u",
    "ksc5601": "cp949",
    "ksc56011989": "cp949",
    "logical": "iso8859-8",
    "mac": "mac-roman",
    "maccentraleurope": "mac-latin2",
    "macukrainian": "mac-cyrillic",
    "msansi": "cp1252",
    "msarab": "cp1256",
    "mscyrl": "cp1251",
    "msee": "cp1250",
    "msgreek": "cp1253",
    "mshebr": "cp1255",
    "mskanji": "cp932",
    "msturk": "cp1254",
    "suneugreek": "iso8859-7",
    "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8",
    "visual": "iso8859-8",
    "winbaltrim": "cp1257",
    "windows31j": "cp932",
    "windows874": "cp874",
    "windows949": "cp949",
    "xbig5": "big5",
    "xxbig5": "big5",
}
"""Labels without hyphens and underscores, also those that follow an ``x-``."""

_SUPERSETS = {
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
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
"""Codecs of Python that no publisher uses; some turn innocent text into markup."""

_BY_LANGUAGE = {
    "ar": ("cp1256",),
    "bg": ("cp1251",),
    "cs": ("cp1250",),
    "el": ("cp1253",),
    "et": ("cp1257",),
    "fa": ("cp1256",),
    "he": ("cp1255",),
    "hr": ("cp1250",),
    "hu": ("iso8859-2",),
    "iw": ("cp1255",),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "lt": ("cp1257",),
    "lv": ("cp1257",),
    "mk": ("cp1251",),
    "pl": ("iso8859-2",),
    "ru": ("cp1251", "koi8-r"),
    "sk": ("cp1250",),
    "sl": ("iso8859-2",),
    "sr": ("cp1251",),
    "th": ("cp874",),
    "tr": ("cp1254",),
    "uk": ("cp1251", "koi8-u"),
    "ur": ("cp1256",),
    "vi": ("cp1258",),
    "zh": ("gb18030", "big5hkscs"),
}
_TRADITIONAL = re.compile(r"zh-(?:hant|tw|hk|mo)\b", re.IGNORECASE)
_HIRAGANA_AND_KATAKANA = re.compile("[\u3040-\u30ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")


def codec(label: str) -> str | None:
    """Return the codec that is meant by ``label``, None if it cannot be that of an XML document
    whose declaration could be read in ASCII: not one of UTF-16, and none that makes markup of
    innocent text.
    """
    try:
        found = _looked_up(label)
        if found in _NEVER_MEANT or b"<a>".decode(found) != "<a>":
            return None
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(found, found)


def is_ascii(label: str) -> bool:
    """Tell whether ``label`` denies that there is anything beyond ASCII."""
    try:
        return _looked_up(label) == "ascii"
    except (LookupError, ValueError):
        return False


def by_language(body: bytes, tag: str) -> str | None:
    """Return the encoding in which texts of that language were written before UTF-8.

    None if there is none, or none in which ``body`` is valid.
    """
    candidates = _BY_LANGUAGE.get(tag.lower().partition("-")[0].partition("_")[0], ())
    if _TRADITIONAL.match(tag.replace("_", "-")):
        candidates = candidates[::-1]
    valid = {name: text for name in candidates if (text := _decoded(body, name)) is not None}
    return max(valid, key=lambda name: _plausible(valid[name], name), default=None)


def _looked_up(label: str) -> str:
    plain = re.sub("[-_ ]", "", label.lower())
    known = _UNKNOWN_TO_PYTHON.get(plain) or _UNKNOWN_TO_PYTHON.get(plain.removeprefix("x"))
    for name in (known, label, label.lower().removeprefix("x-"), _hyphened(label)):
        if name:
            try:
                return codecs.lookup(name).name
            except LookupError:
                continue
    raise LookupError(label)


def _hyphened(label: str) -> str:
    """Return ``iso-8859-2`` for ``iso88592``."""
    return re.sub(r"(?i)^iso8859-?(\d{1,2})$", r"iso8859-\1", label)


def _decoded(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _plausible(text: str, name: str) -> int:
    """Score a reading: Cyrillic has more small letters than large, Japanese has kana."""
    if name in ("cp932", "euc_jp"):
        return len(_HIRAGANA_AND_KATAKANA.findall(text)) - 2 * len(_HALF_WIDTH.findall(text))
    cyrillic = _CYRILLIC.findall(text)
    return sum(1 if letter.islower() else -1 for letter in cyrillic)
