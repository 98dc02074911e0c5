"""A newsroom with a publisher that speaks TLS as well: ``feeds.example`` has a certificate."""

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.dialling import dial
from aggregator.fetch.guard import Address
from aggregator.fetch.strict import StrictHosts
from tests.publisher import Publisher
from tests.scenario import PUBLIC, Newsroom

CERTIFICATES = Path(__file__).parents[1] / "data" / "tls"
SECURE = "feeds.example"
LOOPBACK = PUBLIC.__class__("127.0.0.1")


class Secured:
    """``newsroom`` and its publisher in the clear; ``publisher`` is the one behind port 443."""

    def __init__(self, newsroom: Newsroom, publisher: Publisher) -> None:
        self.newsroom = newsroom
        self.publisher = publisher
        self.settings = ClientSettings(ca_bundle=CERTIFICATES / "authority.pem")
        self.restart()

    def restart(self) -> None:
        """Begin anew with what the store remembers, and nothing else."""
        known = StrictHosts(self.newsroom.store.strict_hosts())
        self.newsroom.client.close()
        self.newsroom.client = Client(
            self.settings,
            self.newsroom.clock,
            resolve=lambda _: (PUBLIC,),
            dial=self._dial,
            strict=known,
        )

    def _dial(
        self, addresses: Sequence[Address], port: int, seconds: float
    ) -> tuple[socket.socket, Address]:
        there = self.publisher if port == 443 else self.newsroom.publisher
        connection, _ = dial([LOOPBACK], there.port, seconds)
        return connection, addresses[0]

    def paths(self) -> tuple[list[str], list[str]]:
        """Return what was asked for in the clear, and what by https."""
        logs = (self.newsroom.publisher.seen(), self.publisher.seen())
        return tuple([seen.path for seen in log] for log in logs)  # type: ignore[return-value]


@contextmanager
def opened_secured(directory: Path) -> Iterator[Secured]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "valid.pem")
    with Publisher(tls=context) as publisher, Newsroom(directory) as newsroom:
        secured = Secured(newsroom, publisher)
        with closing(secured.newsroom.client):
            yield secured
