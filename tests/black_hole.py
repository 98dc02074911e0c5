"""Ports that take no connection and refuse none, as where a firewall says nothing."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def black_hole(host: str, port: int) -> Iterator[int]:
    """Give a port that takes no connection and refuses none: its queue is full."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket(family) for _ in range(8)]
        for filler in waiting:
            filler.setblocking(False)
            filler.connect_ex((host, port))
        try:
            yield port
        finally:
            for filler in waiting:
                filler.close()


def another_loopback() -> str:
    """Return a loopback address that is not 127.0.0.1."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return "127.0.0.2"
    return "::1"
