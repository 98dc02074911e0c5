"""Every error that the aggregator raises on purpose, as one tree.

::

    AggregatorError
    ├── ConfigError
    ├── QueryError
    ├── UsageError
    ├── FeedError
    │   ├── FetchError
    │   │   ├── AddressRefusedError
    │   │   ├── ConnectFailedError
    │   │   │   └── UnreachableError
    │   │   ├── DecodingFailedError
    │   │   ├── EmptyBodyError
    │   │   ├── FileUnreadableError
    │   │   ├── HttpStatusError
    │   │   ├── NameLookupError
    │   │   ├── ProtocolBrokenError
    │   │   ├── RedirectError
    │   │   ├── TimedOutError
    │   │   ├── TlsFailedError
    │   │   ├── TooLargeError
    │   │   └── UrlUnusableError
    │   └── ParseError
    │       ├── NotAFeedError
    │       ├── ParserFailedError
    │       └── ParserLimitError
    ├── ListenError
    ├── PublishError
    └── StoreError
        ├── AlreadyRunningError
        ├── NewerDatabaseError
        ├── NoSuchEntryError
        ├── OvertakenError
        ├── StoreBusyError
        ├── StoreFullError
        └── StoreInterruptedError

Policy, metrics and the database read ``code`` and ``transient``, never a message;
``str()`` is one sentence that a user can act on. All of them survive pickling, because
parsing happens in another process.
"""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar


class AggregatorError(Exception):
    """The root: anything that goes wrong in a way we foresaw."""

    code: ClassVar[str] = "error"
    transient: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a configuration file: where it stands (lines count from 1), and what to do."""

    path: str
    line: int
    sentence: str
    excerpt: str | None = None

    def __str__(self) -> str:
        """Return ``file:line: sentence``, with the excerpt and its caret below if there is one."""
        place = f"{self.path}:{self.line}: {self.sentence}"
        return f"{place}\n{self.excerpt}" if self.excerpt else place


class ConfigError(AggregatorError):
    """The configuration cannot be used; ``problems`` holds every mistake found, in file order."""

    code = "config"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class QueryError(AggregatorError):
    """A query cannot be understood.

    ``text`` is the query as written, ``start`` and ``end`` the characters to blame (offsets
    into it, ``0 <= start <= end <= len(text)``), ``sentence`` what is wrong and ``hint`` what
    to write instead, if we know.
    """

    code = "query"

    def __init__(
        self, text: str, start: int, end: int, sentence: str, hint: str | None = None
    ) -> None:
        super().__init__(text, start, end, sentence, hint)
        self.text = text
        self.start = start
        self.end = end
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        told = f"{self.sentence} {self.hint}" if self.hint else self.sentence
        return f"{told}\n{self.caret()}" if self.text.strip() else told

    def caret(self) -> str:
        """Return the blamed line of the query with carets under the span, indented by two.

        Of a long line only what stands around the span.
        """
        line_start = self.text.rfind("\n", 0, self.start) + 1
        line_end = self.text.find("\n", self.start)
        line = self.text[line_start : len(self.text) if line_end < 0 else line_end]
        column = self.start - line_start
        cut = max(0, column - _SHOWN // 2) if len(line) > _SHOWN else 0
        before, after = "…" * (cut > 0), "…" * (cut + _SHOWN < len(line))
        shown = line[cut : cut + _SHOWN]
        first, after_last = column - cut, self.end - line_start - cut
        width = max(1, _cells(shown[first:after_last]))
        margin = " " * _cells(before + shown[:first])
        return f"  {before}{shown}{after}\n  {margin}{'^' * width}"


def _cells(text: str) -> int:
    """Return how many columns a terminal gives to a text: two to Han, Kana and Hangul letters."""
    wide = sum(unicodedata.east_asian_width(letter) in ("W", "F") for letter in text)
    unseen = sum(unicodedata.category(letter) in ("Mn", "Me", "Cf") for letter in text)
    return len(text) + wide - unseen


_SHOWN = 160
"""Characters of a line that an error shows."""


class UsageError(AggregatorError):
    """A command was given something that does not exist or does not fit: the sentence says what."""

    code = "usage"


class FeedError(AggregatorError):
    """One feed could not be polled; the others are not concerned."""

    code = "feed"


class FetchError(FeedError):
    """No document came back.

    ``status`` is the HTTP status if there was one; ``retry_after`` is how long the server asks
    us to stay away (RFC 9110 §10.2.3) and ``lifetime`` how long it calls the answer fresh
    (RFC 9111 §4.2.1), each None if it did not say. ``admitted`` says that an address answered
    which only the config admits.
    """

    code = "fetch"
    transient = True

    def __init__(
        self,
        sentence: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        lifetime: timedelta | None = None,
        admitted: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.admitted = admitted
        self.status = status
        self.retry_after = retry_after
        self.lifetime = lifetime


class AddressRefusedError(FetchError):
    """The name leads outside the public internet, where the config does not admit it."""

    code = "address"
    transient = False


class ConnectFailedError(FetchError):
    """No connection could be made, or it broke."""

    code = "connect"


class UnreachableError(ConnectFailedError):
    """Nothing was heard of the host at all: no way leads there, or no name server answers.

    It may be our own network that is away.
    """

    code = "unreachable"


class DecodingFailedError(FetchError):
    """The body is not what its Content-Encoding says."""

    code = "decoding"


class EmptyBodyError(FetchError):
    """A success without a usable document: empty, partial (206) or absent (204)."""

    code = "empty"


class FileUnreadableError(FetchError):
    """A ``file:`` feed cannot be read."""

    code = "file"


class HttpStatusError(FetchError):
    """The server answered with a status that is neither success, 304 nor 410."""

    code = "http"


class NameLookupError(FetchError):
    """The host's name does not resolve."""

    code = "dns"


class ProtocolBrokenError(FetchError):
    """The server does not speak HTTP as it should."""

    code = "protocol"


class RedirectError(FetchError):
    """Too many redirects, a loop, or one that leads nowhere."""

    code = "redirect"


class TimedOutError(FetchError):
    """A time limit ran out."""

    code = "timeout"


class TlsFailedError(FetchError):
    """The server's certificate or TLS is not acceptable."""

    code = "tls"


class TooLargeError(FetchError):
    """The answer exceeds a size limit."""

    code = "too_large"


class UrlUnusableError(FetchError):
    """The address is malformed, or of a scheme or port that is never fetched."""

    code = "url"
    transient = False


class ParseError(FeedError):
    """A document arrived and could not be read as a feed."""

    code = "parse"


class NotAFeedError(ParseError):
    """The document is something else: a web page, most often."""

    code = "not_a_feed"


class ParserFailedError(ParseError):
    """The parser gave up on the document."""

    code = "parser"


class ParserLimitError(ParseError):
    """Reading the document took too much time, memory or nesting."""

    code = "parser_limit"


class ListenError(AggregatorError):
    """Nobody can be listened to: a port is taken, or an address is not ours."""

    code = "listen"


class PublishError(AggregatorError):
    """A published file cannot be written; the one that was there is unchanged."""

    code = "publish"


class StoreError(AggregatorError):
    """The database cannot do what was asked."""

    code = "store"


class AlreadyRunningError(StoreError):
    """Another daemon works on this database."""

    code = "already_running"


class NewerDatabaseError(StoreError):
    """The database was written by a newer version of this program."""

    code = "newer_database"


class NoSuchEntryError(StoreError):
    """No entry, or more than one, has an id that begins so."""

    code = "no_such_entry"


class OvertakenError(StoreError):
    """Another process applies, or has applied, rules to the same tags."""

    code = "overtaken"
    transient = True


class StoreBusyError(StoreError):
    """Another process kept the database locked for too long."""

    code = "store_busy"
    transient = True


class StoreFullError(StoreError):
    """The disk is full, or the database cannot be written."""

    code = "store_full"
    transient = True


class StoreInterruptedError(StoreError):
    """What was asked took longer than whoever asked would wait."""

    code = "store_interrupted"
