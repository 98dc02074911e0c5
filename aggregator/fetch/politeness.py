"""What the configuration has us owe to hosts: which gap, to whom, and whether starts are paced."""

from dataclasses import dataclass
from datetime import timedelta

from aggregator.domains import registrable
from aggregator.fetch.guard import Network, is_own
from aggregator.model.feeds import FeedState
from aggregator.politeness import Ask
from aggregator.urls import host


@dataclass(frozen=True, slots=True)
class Hosts:
    """The gap from start to start, and ``admitted_gap`` for feeds on networks of our own.

    Those are feeds last fetched from one, and feeds whose host is written as an address in
    ``own_networks``: each such host stands for itself. A gap of zero means that no turn is
    owed: any number of visits may be under way at once. ``paced`` says that starts are let out
    of a bucket, all but those on our own networks to which no gap is owed.
    """

    gap: timedelta
    admitted_gap: timedelta
    own_networks: tuple[Network, ...] = ()
    paced: bool = False

    def ask(self, state: FeedState) -> Ask | None:
        """Return what a claimed feed has to ask for, None where nothing is owed to anybody.

        That is so for a file, and where there is neither a gap nor a bucket.
        """
        return self.ask_for(state.key, state.token, state.fetch_url, admitted=state.admitted)

    def ask_for(self, key: str, token: str, url: str, *, admitted: bool = False) -> Ask | None:
        """Return the same for a request to ``url`` that is made for a feed."""
        name = host(url)
        if name is None:
            return None
        own = admitted or is_own(name, self.own_networks)
        gap = self.admitted_gap if own else self.gap
        if not gap and (own or not self.paced):
            return None
        return Ask(key, token, name, None if own else registrable(name), gap)
