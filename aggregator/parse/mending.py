"""Text that is nearly XML → text without a document type, whose every reference can be read.

Publishers write ``&nbsp;`` without declaring it, ``AT&T`` without escaping it, ``&#0;`` and
``&#146;``; they leave CDATA sections open, put one into another, and begin comments that do not
end. Each of these would cost the strict parser the whole document, so they are put right before it
sees them; line numbers stay. No entity that a document declares is ever expanded, beyond short
plain text: with the document type goes every way to make a small document large or to reach for a
file. Comments and processing instructions go as well: nothing of a feed is in them.
"""

import re
from dataclasses import dataclass
from html.entities import html5

from aggregator.parse import sections, whereabouts
from aggregator.parse.encoding import C1_MEANT

_XML_NAMES = frozenset({"amp", "apos", "gt", "lt", "quot"})
_MARKUP = frozenset("&<>\"'")
_HTML_ENTITIES = {
    name[:-1]: text
    for name, text in html5.items()
    if name.endswith(";") and not _MARKUP & set(text)
}

_MARK = re.compile(
    r"(?P<cdata><!\[\s*(?i:CDATA)\s*\[)"
    r"|(?P<comment><!--)"
    r"|(?P<instruction><\?)"
    r"|(?P<declaration><![A-Za-z][^<>]*>)"
    r"|(?P<end>\]\]>)"
    r"|(?P<reference>&(?!(?:amp|apos|gt|lt|quot);)"
    r"(?:\#(?P<decimal>[0-9]+);|\#[xX](?P<hex>[0-9a-fA-F]+);|(?P<name>\w[\w.-]*);)?)"
)
_BYTE = re.compile(r"&(?:\#([0-9]{3})|\#[xX]([0-9a-fA-F]{2})|([A-Za-z]{2,8}));")
_LEGAL_CHARACTER = re.compile("[\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LONGEST_CHARACTER = 4
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
    mender = _Mender(text, before)
    body = mender.body()
    return Mended("\n" * text.count("\n", 0, before.root) + body, mender.remarks())


class _Mender:
    """Walks from mark to mark and remembers which kinds of mistake it met, and where first."""

    def __init__(self, text: str, before: Prolog) -> None:
        own = _declared_entities(before.doctype)
        self._text = text
        self._root = before.root
        self._entities = _HTML_ENTITIES | own
        self._declared = self._entities if _EXTERNAL.match(before.doctype) else own
        self._sections = sections.Sections(text)
        self._met: dict[str, int] = {}

    def body(self) -> str:
        """Return the text from its root element on, put right."""
        pieces, position = [], self._root
        while mark := _MARK.search(self._text, position):
            pieces.append(self._text[position : mark.start()])
            piece, position = self._piece(mark)
            pieces.append(piece)
        return "".join((*pieces, self._text[position:]))

    def remarks(self) -> tuple[str, ...]:
        """Return a clause on each kind of mistake, in the order in which they were met."""
        return tuple(
            f"{mistake} ({whereabouts.place(self._text, offset)})"
            for mistake, offset in self._met.items()
        )

    def _piece(self, mark: re.Match[str]) -> tuple[str, int]:
        """Return what takes the place of a mark, and where to go on."""
        match mark.lastgroup:
            case "cdata":
                return self._section(mark)
            case "comment":
                return self._left_out(mark, "-->", "a comment")
            case "instruction":
                return self._left_out(mark, "?>", "a processing instruction")
            case "declaration":
                return "\n" * mark[0].count("\n"), mark.end()
            case "end":
                self._tell("it has ]]> outside of CDATA sections", mark)
                return "]]&gt;", mark.end()
            case _:
                return self._bytes(mark) or (self._reference(mark), mark.end())

    def _section(self, mark: re.Match[str]) -> tuple[str, int]:
        section = self._sections.read(mark.start(), mark.end())
        if section.mistake:
            self._tell(section.mistake, mark)
        elif mark[0] != "<![CDATA[":
            self._tell("it has a CDATA section that begins otherwise than with <![CDATA[", mark)
        return section.written, section.end

    def _left_out(self, mark: re.Match[str], end: str, what: str) -> tuple[str, int]:
        after = self._sections.find(end, mark.end())
        if after == -1:
            self._tell(f"it has {what} that does not end", mark)
            return "&lt;" + mark[0][1:], mark.end()
        after += len(end)
        return "\n" * self._text.count("\n", mark.start(), after), after

    def _bytes(self, mark: re.Match[str]) -> tuple[str, int] | None:
        """Read references to the bytes of one character in UTF-8: ``&#195;&#169;`` for é."""
        codes: list[int] = []
        ends: list[int] = []
        position = mark.start()
        while len(codes) < _LONGEST_CHARACTER and (byte := _BYTE.match(self._text, position)):
            position = byte.end()
            codes.append(_byte(byte))
            ends.append(position)
        for length in range(len(codes), 1, -1):
            if character := _of_bytes(codes[:length]):
                self._tell("it refers to the bytes of characters", mark)
                return character, ends[length - 1]
        return None

    def _reference(self, mark: re.Match[str]) -> str:
        if mark["decimal"] or mark["hex"]:
            return self._numbered(mark)
        name = mark["name"]
        if name not in self._declared:
            mistake = "entities that it does not declare" if name else "ampersands not escaped"
            self._tell(f"it has {mistake}", mark)
        return self._entities.get(name, "&amp;" + mark[0][1:])

    def _numbered(self, mark: re.Match[str]) -> str:
        character = _character(mark["decimal"] or "", mark["hex"] or "")
        if meant := C1_MEANT.get(ord(character or "a")):
            self._tell("it refers to control characters for those of windows-1252", mark)
            return meant
        if character:
            return mark[0]
        self._tell("it refers to characters that do not exist", mark)
        return "\ufffd"

    def _tell(self, mistake: str, mark: re.Match[str]) -> None:
        self._met.setdefault(mistake, mark.start())


def _byte(reference: re.Match[str]) -> int:
    """Return the code of the character that is referred to, 0 if it is no byte."""
    decimal, hexadecimal, name = reference.groups()
    if name:
        code = ord(_HTML_ENTITIES.get(name, "\0")[0])
    else:
        code = int(decimal or hexadecimal, 10 if decimal else 16)
    return code if code <= 0xFF else 0


def _of_bytes(codes: list[int]) -> str:
    """Return the one character that is written by these bytes in UTF-8, or nothing."""
    if not all(0x80 <= code <= 0xFF for code in codes):
        return ""
    text = bytes(codes).decode("utf-8", "ignore")
    return text if len(text) == 1 and text.encode() == bytes(codes) else ""


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
