"""Visits into the store: what each means is decided, and many are committed at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from aggregator.errors import StoreError
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Refresh
from aggregator.pipeline import Failed, Part, Read, Visit, mistaken
from aggregator.settling import Policy, settle
from aggregator.store.base import Store


class Commits:
    """Commits to one store, on the store's thread; ``polled`` is told of each poll that was."""

    def __init__(self, store: Store, polled: Callable[[FeedState, Refresh], object]) -> None:
        self._store = store
        self._polled = polled

    def commit(self, visits: Sequence[Visit], policy: Policy) -> None:
        """Commit what the visits learned, in one transaction if none of them stands in its way.

        Raises `StoreError` where the store takes nothing: then nothing is stored.
        """
        refreshes = [self._settled(visited, policy) for visited in visits]
        try:
            applied = set(self._store.apply(refreshes))
        except Exception as error:
            if isinstance(error, StoreError) and error.transient:
                raise
            return self._commit_apart(visits, policy, error)
        for visited, refresh in zip(visits, refreshes, strict=True):
            if refresh.key in applied:
                self._polled(visited.state, refresh)
        return None

    def _commit_apart(self, visits: Sequence[Visit], policy: Policy, error: Exception) -> None:
        """Commit polls one by one, because of one whose values cannot be stored, whichever it is.

        That one has failed. Raises ``error`` where not even a failure can be stored.
        """
        match visits:
            case [Visit(came=Failed())]:
                raise error
            case [visited]:
                failed = mistaken(visited.state.key, error, visited.ended_at)
                self.commit([replace(visited, came=failed)], policy)
            case _:
                for visited in visits:
                    self.commit([visited], policy)

    def _settled(self, visited: Visit, policy: Policy) -> Refresh:
        came = visited.came
        entries = came.reading.entries if isinstance(came, Read | Part) else ()
        known = self._store.known(visited.state.key, entries) if entries else ()
        try:
            return settle(visited, known, policy)
        except Exception as error:  # noqa: BLE001 - a bug in deciding about one ends no run
            failed = mistaken(visited.state.key, error, visited.ended_at)
            return settle(replace(visited, came=failed), (), policy)
