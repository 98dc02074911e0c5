"""What a configuration makes of the outside world, for whatever polls."""

from dataclasses import dataclass

from aggregator.fetch.politeness import Hosts
from aggregator.pipeline import Edge
from aggregator.settling import Policy


@dataclass(frozen=True, slots=True)
class Wiring:
    """The way out, what is decided about every poll, and the turns of hosts.

    ``threads`` bounds the visits at once.
    """

    edge: Edge
    policy: Policy
    hosts: Hosts
    threads: int
