"""Documents that were made for one reader, kept for the next.

Nobody gets an old one: a reader's request first asks for the version of the database, and a
document is handed out only for the version before which, or at which, it was begun. What is
committed in between makes another version. What depends on the time of day is at most a minute
old.
"""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import brotli  # type: ignore[import-untyped]  # ships no types

from aggregator.serve.negotiation import Coding

KEPT = timedelta(minutes=1)
"""How long a document is kept, though nothing changes."""

_DOCUMENTS = 64
_BYTES = 32 * 1024 * 1024
_ADDRESSES = 1000
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Made:
    """A document as it was made: ``newest_at`` is the last change that it tells of, ``due_at``
    when the next is expected, None if it is not."""

    body: bytes
    newest_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is sent: ``modified_at`` is when its bytes became these, or later."""

    made: Made
    digest: str
    modified_at: datetime

    def etag(self, coding: Coding) -> str:
        """Return the strong tag of its bytes in a coding (RFC 9110 §8.8.3.3)."""
        return f'"{self.digest}"' if coding == "identity" else f'"{self.digest}-{coding}"'


@dataclass(slots=True)
class _Kept:
    document: asyncio.Future[Document]
    until: datetime
    coded: dict[Coding, asyncio.Future[bytes]] = field(default_factory=dict)


class Shelf:
    """Keeps documents of one state of what they are made from; used by one event loop."""

    def __init__(self, began_at: datetime) -> None:
        """``began_at`` is since when we know what documents were like."""
        self._state: object = None
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._known: OrderedDict[Hashable, Document] = OrderedDict()
        self._began_at = began_at

    async def document(
        self,
        state: object,
        address: Hashable,
        now: datetime,
        make: Callable[[], Awaitable[Made]],
    ) -> Document:
        """Return the document of an address, made anew if there is none of this ``state``.

        Whoever asks while it is made waits for the same one. Raises what ``make`` raises.
        """
        if state != self._state:
            self._state = state
            self._kept.clear()
        kept = self._kept.get(address)
        if kept is None or now >= kept.until:
            making = asyncio.ensure_future(self._dated(address, now, make))
            kept = self._kept[address] = _Kept(making, now + KEPT)
        try:
            # Of many readers none may call it off.
            document = await asyncio.shield(kept.document)
        except BaseException:
            if self._kept.get(address) is kept and kept.document.done():
                del self._kept[address]
            raise
        self._make_room()
        return document

    async def coded(self, address: Hashable, document: Document, coding: Coding) -> bytes:
        """Return the bytes of a document in a coding."""
        if coding == "identity":
            return document.made.body
        kept = self._kept.get(address)
        if kept is None or not kept.document.done() or kept.document.result() is not document:
            return await asyncio.to_thread(_coded, document.made.body, coding)
        if coding not in kept.coded:
            work = asyncio.to_thread(_coded, document.made.body, coding)
            kept.coded[coding] = asyncio.ensure_future(work)
        return await asyncio.shield(kept.coded[coding])

    async def _dated(
        self, address: Hashable, now: datetime, make: Callable[[], Awaitable[Made]]
    ) -> Document:
        made = await make()
        digest = sha256(made.body).hexdigest()[:32]
        before = self._known.get(address)
        if before is None:
            # Something may have gone while nobody looked, of which no entry tells.
            modified_at = max(made.newest_at, self._began_at)
        else:
            modified_at = before.modified_at if before.digest == digest else now
        document = Document(made, digest, min(modified_at, now))
        self._remember(address, document, now)
        return document

    def _remember(self, address: Hashable, document: Document, now: datetime) -> None:
        forgetful = Made(b"", document.made.newest_at, None)
        self._known[address] = Document(forgetful, document.digest, document.modified_at)
        self._known.move_to_end(address)
        if len(self._known) > _ADDRESSES:
            self._known.popitem(last=False)
            self._began_at = now

    def _make_room(self) -> None:
        while len(self._kept) > _DOCUMENTS or self._bytes() > _BYTES:
            self._kept.popitem(last=False)

    def _bytes(self) -> int:
        """Return how large the documents are that are made; coded ones are small beside them."""
        return sum(
            len(kept.document.result().made.body)
            for kept in self._kept.values()
            if kept.document.done()
            and not kept.document.cancelled()
            and not kept.document.exception()
        )


def _coded(body: bytes, coding: Coding) -> bytes:
    if coding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)
