"""Text that is nearly XML → text without a document type, whose every reference can be read.

Publishers write ``&nbsp;`` without declaring it, ``AT&T`` without escaping it, and ``&#0;``. Each
of these would cost the strict parser the whole document, so they are put right before it sees
them; line numbers stay. No entity that a document declares is ever expanded, beyond short plain
text: with the document type goes every way to make a small document large or to reach for a file.
"""

import re
from dataclasses import dataclass
from html.entities import html5

_XML_NAMES = frozenset({"amp", "apos", "gt", "lt", "quot"})
_MARKUP = frozenset("&<>\"'")
_HTML_ENTITIES = {
    name[:-1]: text
    for name, text in html5.items()
    if name.endswith(";") and not _MARKUP & set(text)
}

_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<!--.*?(?:-->|\Z)"
    r"|&(?!(?:amp|apos|gt|lt|quot);)"
    r"(?:\#(?P<decimal>[0-9]+);|\#[xX](?P<hex>[0-9a-fA-F]+);|(?P<name>\w[\w.-]*);)?",
    re.DOTALL,
)
_LEGAL_CHARACTER = re.compile("[\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LONGEST_ENTITY = 32
_ENTITY = re.compile(
    rf"""<!ENTITY\s+(\w[\w.-]*)\s+(?:"([^"&%<]{{0,{_LONGEST_ENTITY}}})"|'([^'&%<]{{0,{_LONGEST_ENTITY}}})')\s*>"""
)
_CHARACTER_ENTITY = re.compile(
    r"""<!ENTITY\s+(\w[\w.-]*)\s+["']&(?:amp;|\#38;)?(\#[0-9]+|\#[xX][0-9a-fA-F]+);["']\s*>"""
)
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_EXTERNAL = re.compile(r"<!DOCTYPE\s+[^\s\[>]+\s+(?:PUBLIC|SYSTEM)\b", re.IGNORECASE)
"""The document type lies elsewhere, as Netscape's of RSS 0.91, which declares HTML's entities."""

_IN_DOCTYPE = re.compile(r"""<!--.*?(?:-->|\Z)|"[^"]*"|'[^']*'|[\[\]>]""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prolog:
    """What stands before the root element; ``root`` is where that begins, or the text's end."""

    root: int
    doctype: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """``remarks`` are clauses on what was put right."""

    text: str
    remarks: tuple[str, ...] = ()


def prolog(text: str) -> Prolog:
    """Skip declaration, comments, processing instructions and document type; in linear time."""
    position, doctype = 0, ""
    while True:
        if skipped := _BEFORE_ROOT.match(text, position):
            position = skipped.end()
        elif _DOCTYPE.match(text, position):
            end = _doctype_end(text, position)
            doctype += text[position:end]
            position = end
        else:
            return Prolog(position, doctype)


def mend(text: str) -> Mended:
    """Drop the prolog of ``text`` (but not its lines) and put its references right; total."""
    before = prolog(text)
    mender = _Mender(before.doctype)
    body = _REFERENCE.sub(mender.replace, text[before.root :])
    return Mended("\n" * text.count("\n", 0, before.root) + body, mender.remarks())


class _Mender:
    """Replaces references one by one and remembers which kinds of mistake it met."""

    def __init__(self, doctype: str) -> None:
        own = _declared_entities(doctype)
        self._entities = _HTML_ENTITIES | own
        self._declared = self._entities if _EXTERNAL.match(doctype) else own
        self._met: dict[str, None] = {}

    def replace(self, match: re.Match[str]) -> str:
        found = match[0]
        if found[0] == "<":
            return found
        if match["decimal"] or match["hex"]:
            return self._character(found, match["decimal"], match["hex"])
        name = match["name"]
        if name not in self._declared:
            mistake = "entities that it does not declare" if name else "ampersands not escaped"
            self._met[f"it has {mistake}"] = None
        return self._entities.get(name, "&amp;" + found[1:])

    def _character(self, found: str, decimal: str | None, hexadecimal: str | None) -> str:
        if _character(decimal or "", hexadecimal or ""):
            return found
        self._met["it refers to characters that do not exist"] = None
        return "\ufffd"

    def remarks(self) -> tuple[str, ...]:
        return tuple(self._met)


def _character(decimal: str, hexadecimal: str) -> str:
    """Return the character of that code point, or nothing if XML 1.0 §2.2 has none."""
    digits = (decimal or hexadecimal).lstrip("0")
    if len(digits) > 7:
        return ""
    code = int(digits or "0", 10 if decimal else 16)
    character = chr(code) if code <= 0x10FFFF else ""
    return character if _LEGAL_CHARACTER.fullmatch(character) else ""


def _doctype_end(text: str, start: int) -> int:
    """Return where the document type that begins at ``start`` ends (XML 1.0 §2.8)."""
    depth = 0
    for token in _IN_DOCTYPE.finditer(text, start):
        match token[0]:
            case "[":
                depth += 1
            case "]":
                depth -= 1
            case ">" if depth <= 0:
                return token.end()
    return len(text)


def _declared_entities(doctype: str) -> dict[str, str]:
    """Return the declared entities that are short plain text or one character."""
    plain = {name: one or other for name, one, other in _ENTITY.findall(doctype)}
    characters = {
        name: _character(*(("", code[2:]) if code[1] in "xX" else (code[1:], "")))
        for name, code in _CHARACTER_ENTITY.findall(doctype)
    }
    return {
        name: text
        for name, text in (plain | characters).items()
        if name not in _XML_NAMES and text and not _MARKUP & set(text)
    }
