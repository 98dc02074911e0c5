"""What hubs say is looked up and taken in on the sweep's thread, where the store is.

::

    application ─ confirm, find ─▶ sweep.call ─▶ store ─▶ future ─▶ application
                └ deliver ─▶ sweep.run_errand ─▶ read ─▶ commit ─▶ `committed` ─▶ future
"""

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import TypeVar

from aggregator.errors import AggregatorError, FeedError
from aggregator.fetch.decoding import Sizes, decoded
from aggregator.model.entries import Feed
from aggregator.model.feeds import FeedState
from aggregator.model.fetching import Document
from aggregator.pipeline import Edge, Part, Reading, Visit
from aggregator.polling import Wishes
from aggregator.serve.calls import Delivery, UnavailableError
from aggregator.store.base import Store
from aggregator.sweeping.sweep import Sweep
from aggregator.websub.answers import Intent, confirmed, delivered, denied
from aggregator.websub.subscription import Callback, Forget, Prospect, Push

MOST_WAITING = 32
"""How many deliveries wait to be read at most: each holds a document."""

LONGEST_WAIT = timedelta(minutes=10)
"""After that nobody waits for a delivery any more."""

SOURCE = "What the hub sent"

Answer = TypeVar("Answer")


class Hearing:
    """`aggregator.serve.calls.Calls` over one store and the sweep that uses it.

    What the application calls may be called by any thread, the rest by the sweep's alone.
    """

    def __init__(self, store: Store, sweep: Sweep, sizes: Sizes | None = None) -> None:
        self._store = store
        self._sweep = sweep
        self._sizes = sizes or Sizes()
        self._refusals: set[Callable[[], None]] = set()
        self._waiting: dict[Future[None], datetime] = {}
        self._under_way: dict[tuple[str, str], Future[None]] = {}
        self._is_closed = False

    # --- for the application -----------------------------------------------------------------

    def confirm(self, token: str, intent: Intent) -> Future[str | None]:
        """Return what is to be echoed to a hub that asks for it, None where we do not agree."""
        return self._answered(lambda: self._confirmed(token, intent))

    def find(self, token: str) -> Future[Callback | None]:
        """Return the callback that a delivery is for, None for one that is not valid."""
        return self._answered(lambda: self._found(token))

    def ignore(self, token: str) -> Future[None]:
        """Note that something came that its hub did not sign."""
        return self._answered(lambda: self._noted(token, "What came for it was not signed."))

    def deliver(self, token: str, delivery: Delivery) -> Future[None]:
        """Take in what a hub sent; done when it is committed."""
        future = self._opened(Future[None]())
        self._sweep.call(lambda: self._queue(token, delivery, future))
        return future

    # --- for the daemon ----------------------------------------------------------------------

    def committed(self, state: FeedState) -> None:
        """Hear that what came of a feed's claim is stored."""
        future = self._under_way.pop((state.key, state.token), None)
        if future is not None:
            _done(future)

    def close(self) -> None:
        """Leave nobody waiting: what is not committed by now may be sent again."""
        self._is_closed = True
        for refuse in tuple(self._refusals):
            refuse()

    # --- on the sweep's thread ---------------------------------------------------------------

    def _confirmed(self, token: str, intent: Intent) -> str | None:
        prospect = self._store.called(token)
        if prospect is None or prospect.push is None:
            return None
        now = self._sweep.wiring.edge.clock()
        if intent.mode == "denied":
            refused = denied(prospect.push, intent, now)
            if refused is not None:
                self._store.keep_push(refused)
            return None if refused is None else ""
        match confirmed(prospect.push, token, intent, now):
            case None:
                return None
            case Forget(key):
                self._store.forget_push(key)
            case Push() as push if prospect.is_active:
                self._store.keep_push(push)
            case Push():
                return None
        return intent.challenge

    def _found(self, token: str) -> Callback | None:
        prospect = self._store.called(token)
        push = _heard(prospect)
        return push.callback(token) if push else None

    def _noted(self, token: str, sentence: str) -> None:
        self._note(self._store.called(token), sentence)

    def _note(self, prospect: Prospect | None, sentence: str) -> None:
        push = _heard(prospect)
        if push is not None:
            self._store.keep_push(delivered(push, sentence, self._sweep.wiring.edge.clock()))

    def _queue(self, token: str, delivery: Delivery, future: Future[None]) -> None:
        now = self._sweep.wiring.edge.clock()
        # A feed that was removed meanwhile is never free again. Errands take theirs out as well,
        # on threads of their own: what is walked through here must be a copy.
        for one, at in tuple(self._waiting.items()):
            if now - at >= LONGEST_WAIT:
                self._waiting.pop(one, None)
                one.cancel()
        if self._is_closed or len(self._waiting) >= MOST_WAITING:
            return _fail(future, UnavailableError())
        try:
            prospect = self._store.called(token)
            self._note(prospect, "Its hub told us of news.")
        except AggregatorError as error:
            _fail(future, error)
            raise
        push = _heard(prospect)
        if push is None:
            return _done(future)
        self._waiting[future] = now
        return self._sweep.run_errand(
            push.key,
            lambda state, edge: self._visited(push, delivery, future, state, edge),
            quiet=True,
        )

    # --- on a thread of the errand's own ------------------------------------------------------

    def _visited(
        self, push: Push, delivery: Delivery, future: Future[None], state: FeedState, edge: Edge
    ) -> Visit:
        """Read what was delivered; what cannot be read is nothing new, and no fault of the feed."""
        started_at = edge.clock()
        self._waiting.pop(future, None)
        self._under_way[state.key, state.token] = future
        document = _document(b"", push, delivery, state, started_at)
        try:
            body = b"".join(decoded((delivery.body,), delivery.codings, self._sizes, source=SOURCE))
            document = _document(body, push, delivery, state, started_at)
            reading = edge.read(document, state.key, state.fingerprints)
        except FeedError as error:
            reading = Reading(Feed(state.title or "", format=""), (), Wishes())
            told = f"What its hub sent could not be read: {error}"
            self._sweep.call(lambda: self._note(self._store.prospect(push.key), told))
        came = Part(document, reading, is_news=bool(reading.entries))
        return Visit(state, started_at, edge.clock(), came)

    # --- futures -----------------------------------------------------------------------------

    def _answered(self, ask: Callable[[], Answer]) -> Future[Answer]:
        """Ask on the sweep's thread."""
        future = self._opened(Future[Answer]())

        def answer() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                found = ask()
            except AggregatorError as error:
                _fail(future, error)
                raise
            with suppress(InvalidStateError):
                future.set_result(found)

        self._sweep.call(answer)
        return future

    def _opened(self, future: Future[Answer]) -> Future[Answer]:
        """Remember until a future has ended how whoever waits for it is told that it will not."""
        refuse = partial(_fail, future, UnavailableError())
        self._refusals.add(refuse)
        future.add_done_callback(lambda _: self._refusals.discard(refuse))
        if self._is_closed:
            refuse()
        return future


def _fail(future: Future[Answer], error: Exception) -> None:
    """End a future unless it has ended; whoever waits may have given up."""
    with suppress(InvalidStateError):
        future.set_exception(error)


def _done(future: Future[None]) -> None:
    with suppress(InvalidStateError):
        future.set_result(None)


def _heard(prospect: Prospect | None) -> Push | None:
    """Return the subscription whose hub is listened to: that of a feed which is polled at all."""
    return prospect.push if prospect and prospect.is_active else None


def _document(
    body: bytes, push: Push, delivery: Delivery, state: FeedState, at: datetime
) -> Document:
    """Return what was delivered as if its feed's own address had given it."""
    return Document(
        url=push.hub.topic,
        body=body,
        body_hash=sha256(body).hexdigest(),
        fetched_at=at,
        content_type=delivery.content_type,
        admitted=state.admitted,
    )
