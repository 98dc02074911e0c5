"""Text of a feed → the parser that read most of it: by the rules, or else as far as possible.

The strict parser is driven by libexpat and ends at the first mistake. What it did not read is
then read twice more, by a parser that takes tags where it finds them and by the strict one over
what libxml2 recovers; the one that found most entries is believed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol
from xml.sax import SAXException, SAXParseException
from xml.sax.expatreader import ExpatParser
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

from lxml import etree

_ENDED_EARLY = frozenset({3, 5, 6, 20})
"""libexpat's codes for a document that breaks off: no element, unclosed token, part of a
character, unclosed CDATA section (expat.h). What came before it was read by the rules."""

_JUNK_AFTER_ROOT = 9
_SUBSTANCE = frozenset({"id", "link", "title", "summary", "content"})
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)


class EnoughError(Exception):
    """The document has more of something than is looked at; its text is a clause on that."""


class Handler(Protocol):
    """What both parsers have found so far; the dictionaries are feedparser's."""

    version: str
    entries: list[Mapping[str, Any]]
    feeddata: Mapping[str, Any]
    inentry: int


class TagReader(Handler, Protocol):
    """A handler that looks for tags by itself."""

    def feed(self, text: str, /) -> None:
        """Read the whole text."""


@dataclass(frozen=True, slots=True)
class Read:
    """The parser that read most, clauses on why it was not all, and whether it gave up."""

    handler: Handler
    remarks: tuple[str, ...] = ()
    gave_up: bool = False


def read(text: str, *, strict: Callable[[], Handler], loose: Callable[[], TagReader]) -> Read:
    """Read ``text`` with parsers that ``strict`` (a SAX handler) and ``loose`` make."""
    first = strict()
    error = _failure(lambda: _drive(first, text))
    if error is None:
        return Read(first)
    if isinstance(error, EnoughError):
        return Read(first, (str(error),))
    remark = f"{_told(error)} and was read as far as possible"
    if _read_to_the_end(error):
        return Read(first, (remark,))
    tags, recovered = loose(), strict()
    gave_up = _failure(lambda: tags.feed(text))
    if _readable(tags) < len(_ENTRY.findall(text)):  # a tag that never ends swallows others
        _failure(lambda: _drive(recovered, _recovered(text)))
    best: Handler = max(tags, recovered, first, key=_readable)
    if gave_up is not None and not best.entries:
        return Read(best, (_told(error),), gave_up=True)
    return Read(best, (remark,))


def finished(handler: Handler) -> Sequence[Mapping[str, Any]]:
    """Return the entries found.

    Where the document breaks off within an entry, that one is left out if its guid may be in the
    part that is missing: it would come again as another entry.
    """
    *before, last = handler.entries or [{}]
    if handler.inentry and "id" not in last and any("id" in entry for entry in before):
        return before
    return handler.entries


class _Expat(ExpatParser):
    """libexpat, told to hand over text in large pieces: escaped markup is three a tag."""

    def reset(self) -> None:
        """Begin anew."""
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # typeshed leaves it out


def _drive(handler: Handler, text: str) -> None:
    """Feed a strict parser through libexpat, in one piece."""
    body = text.encode()
    reader = _Expat(namespaceHandling=1, bufsize=len(body) + 1)
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(handler)  # type: ignore[arg-type]  # it is feedparser's, untyped
    reader.setErrorHandler(handler)  # type: ignore[arg-type]
    source = InputSource()
    source.setEncoding("utf-8")
    source.setByteStream(BytesIO(body))
    reader.parse(source)


def _readable(handler: Handler) -> int:
    """Count the entries found that have more than a beginning."""
    return sum(bool(entry.keys() & _SUBSTANCE) for entry in handler.entries)


def _recovered(text: str) -> str:
    """Return what libxml2 makes of ``text``: it closes what is open and drops what it must."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(text.encode(), parser)
    return etree.tostring(root, encoding="unicode")


def _failure(work: Callable[[], None]) -> Exception | None:
    """Run a parser of feedparser's and return what it stumbled over.

    It raises whatever comes along, by accident rather than by contract; only lack of memory is
    no property of the document.
    """
    try:
        work()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        return error
    return None


def _told(error: Exception) -> str:
    if isinstance(error, SAXParseException):
        return f"it is not well-formed ({error.getMessage()} in line {error.getLineNumber():,})"
    return f"it made feedparser stumble ({type(error).__name__})"


def _read_to_the_end(error: Exception) -> bool:
    """Say whether the strict parser has read all there is to read."""
    cause = error.getException() if isinstance(error, SAXException) else None
    code = getattr(cause, "code", None)
    return code in _ENDED_EARLY or code == _JUNK_AFTER_ROOT
