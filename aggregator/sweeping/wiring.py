"""What a configuration makes of the outside world, for whatever polls."""

from dataclasses import dataclass, field

from aggregator.fetch.lookup import system_addresses
from aggregator.fetch.politeness import Hosts
from aggregator.fetch.reach import Reach
from aggregator.fetch.routing import route
from aggregator.pipeline import Edge
from aggregator.settling import Policy


@dataclass(frozen=True, slots=True)
class Wiring:
    """The way out, what is decided about every poll, and the turns of hosts.

    ``threads`` bounds the visits at once; ``reach`` is asked whether it is our own network that
    is away.
    """

    edge: Edge
    policy: Policy
    hosts: Hosts
    threads: int
    reach: Reach = field(default_factory=lambda: Reach(system_addresses, route))
