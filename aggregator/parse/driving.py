"""Text of a feed → the parser that read most of it: by the rules, or else as far as possible.

The strict parser is driven by libexpat and ends at the first mistake. Then it reads what has become
of the text by `balancing`. Where that is not all, a parser that takes tags where it finds them and
the strict one over what libxml2 recovers read it as well, and the one that found most entries is
believed. An element that a parser of feedparser's stumbles over costs that element.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol
from xml.sax import SAXException, SAXParseException
from xml.sax.expatreader import ExpatParser
from xml.sax.handler import (
    ContentHandler,
    ErrorHandler,
    feature_external_ges,
    feature_namespaces,
)
from xml.sax.xmlreader import AttributesNSImpl, InputSource, Locator

from lxml import etree

from aggregator.parse import whereabouts
from aggregator.parse.balancing import balance

_ENDED_EARLY = frozenset({3, 5, 6, 20})
"""libexpat's codes for a document that breaks off: no element, unclosed token, part of a
character, unclosed CDATA section (expat.h). What came before it was read by the rules."""

_JUNK_AFTER_ROOT = 9
_SUBSTANCE = frozenset({"id", "link", "title", "summary", "content"})
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)


MOST_NESTED = 256
"""How deep elements may stand in each other; libxml2 allows no more either."""


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
    first = _Patient(strict())
    error = _failure(lambda: _drive(first, text))
    if error is None or isinstance(error, EnoughError):
        return Read(first.handler, (*first.remarks(text), *((str(error),) if error else ())))
    remark = f"{_told(error, text)} and was read as far as possible"
    if _broke_off(error, text):
        return Read(first.handler, (remark, *first.remarks(text)))
    return _read_again(text, first.handler, strict, loose, remark)


def _read_again(
    text: str,
    first: Handler,
    strict: Callable[[], Handler],
    loose: Callable[[], TagReader],
    remark: str,
) -> Read:
    """Read what is not well-formed; ``first`` is what has read its beginning."""
    balanced = _Patient(strict())
    error = _failure(lambda: _drive(balanced, balance(text)))
    more = (str(error),) if isinstance(error, EnoughError) else ()
    expected = len(_ENTRY.findall(text))
    if more or (_is_over(error) and _readable(balanced.handler) >= expected):
        return Read(balanced.handler, (remark, *balanced.remarks(text), *more))
    tags, recovered = loose(), _Patient(strict())
    gave_up = _failure(lambda: tags.feed(text))
    if _readable(tags) < expected:  # a tag that never ends swallows others
        _failure(lambda: _drive(recovered, _recovered(text)))
    best = max(balanced.handler, tags, recovered.handler, first, key=_readable)
    if gave_up is not None and not best.entries and not best.version:
        return Read(best, (_told(gave_up, text),), gave_up=True)
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


class _Patience:
    """Goes on after whatever an element makes feedparser raise; a context made once, for speed."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def __enter__(self) -> None:
        """Begin to read something."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Tell of an error, unless it is no property of that element."""
        if kind is None or not issubclass(kind, Exception):
            return False
        if issubclass(kind, EnoughError | MemoryError):
            return False
        self._tell(f"it made feedparser stumble by {kind.__name__}")
        return True


class _Patient(ContentHandler):
    """Hands to a strict parser what libexpat finds, and goes on where that one stumbles."""

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self.handler: Any = handler
        self._where: Locator | None = None
        self._depth = 0
        self._patience = _Patience(self._tell)
        self._met: dict[str, tuple[int, int]] = {}

    def setDocumentLocator(self, locator: Locator) -> None:
        """Learn who knows where the reader is."""
        self._where = locator
        self.handler.setDocumentLocator(locator)

    def startPrefixMapping(self, prefix: str | None, uri: str) -> None:
        """Read the declaration of a namespace."""
        with self._patience:
            self.handler.startPrefixMapping(prefix, uri)

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        """Read the beginning of an element, unless it is nested too deep."""
        self._depth += 1
        if self._depth > MOST_NESTED:
            self._tell(f"it is nested more than {MOST_NESTED} deep, and flat below that")
            return
        with self._patience:
            self.handler.startElementNS(name, qname, attrs)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        """Read the end of an element."""
        self._depth -= 1
        if self._depth < MOST_NESTED:
            with self._patience:
                self.handler.endElementNS(name, qname)

    def characters(self, content: str) -> None:
        """Read text."""
        with self._patience:
            self.handler.characters(content)

    def remarks(self, text: str) -> tuple[str, ...]:
        """Return a clause on each kind of trouble, with the place of the first."""
        return tuple(f"{what} ({_place(text, *where)})" for what, where in self._met.items())

    def _tell(self, what: str) -> None:
        if what not in self._met and self._where is not None:
            line, column = self._where.getLineNumber() or 1, self._where.getColumnNumber() or 0
            self._met[what] = (line, column)


class _Expat(ExpatParser):
    """libexpat, told to hand over text in large pieces: escaped markup is three a tag."""

    def reset(self) -> None:
        """Begin anew."""
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]  # typeshed leaves it out


def _drive(handler: _Patient, text: str) -> None:
    """Feed a strict parser through libexpat, in one piece."""
    body = text.encode()
    reader = _Expat(namespaceHandling=1, bufsize=len(body) + 1)
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(handler)
    reader.setErrorHandler(ErrorHandler())
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


def _told(error: Exception, text: str) -> str:
    if isinstance(error, SAXParseException):
        where = _place(text, error.getLineNumber() or 1, error.getColumnNumber() or 0)
        what = error.getMessage().replace("not well-formed (invalid token)", "invalid token")
        return f"it is not well-formed ({what} in {where})"
    return f"it made feedparser stumble ({type(error).__name__})"


def _place(text: str, line: int, column: int) -> str:
    """Return where libexpat is; it counts columns in characters."""
    return whereabouts.place(text, whereabouts.offset(text, line, column))


def _is_over(error: Exception | None) -> bool:
    """Say whether the strict parser has come to the end, or nearly."""
    return error is None or _code(error) in _ENDED_EARLY


def _broke_off(error: Exception, text: str) -> bool:
    """Say whether the strict parser has read all there is to read, though not well-formed."""
    if _code(error) != _JUNK_AFTER_ROOT:
        return _is_over(error)
    assert isinstance(error, SAXParseException)
    line, column = error.getLineNumber() or 1, error.getColumnNumber() or 0
    return _ENTRY.search(text, whereabouts.offset(text, line, column)) is None


def _code(error: Exception) -> int | None:
    cause = error.getException() if isinstance(error, SAXException) else None
    return getattr(cause, "code", None)
