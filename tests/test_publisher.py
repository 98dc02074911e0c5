"""Tests of the scripted publisher: other tests rest on it."""

import socket
import threading
import time

import pytest

from tests.publisher import HANG, Drip, Publisher, Raw, Reply, Seen, redirect, truncated


def ask(publisher: Publisher, path: str, *lines: bytes) -> bytes:
    """Send a GET and return all that comes back."""
    with socket.create_connection((publisher.host, publisher.port), timeout=10) as connection:
        head = b"\r\n".join([b"GET %s HTTP/1.1" % path.encode(), b"Host: here", *lines])
        connection.sendall(head + b"\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_script_is_answered_in_order_and_its_last_answer_stays() -> None:
    with Publisher() as publisher:
        publisher.serve("/feed", Reply(b"one"), Reply(b"two"))
        bodies = [ask(publisher, "/feed").partition(b"\r\n\r\n")[2] for _ in range(3)]
        assert bodies == [b"one", b"two", b"two"]
        assert ask(publisher, "/else").startswith(b"HTTP/1.1 404 Not Found\r\n")


def test_requests_are_seen_as_they_arrived() -> None:
    with Publisher() as publisher:
        ask(publisher, "/a?b=c", b'If-None-Match: W/"caf\xe9"', b"if-none-match:  x")
        (seen,) = publisher.seen("/a?b=c")
        assert publisher.seen("/a") == ()
        assert seen.method == "GET"
        assert seen.values(b"If-None-Match") == (b'W/"caf\xe9"', b"x")
        assert seen.at <= time.monotonic()


def test_every_kind_of_answer_is_sent_as_it_is_scripted() -> None:
    def about(seen: Seen) -> Reply:
        return Reply(seen.path.encode())

    with Publisher() as publisher:
        publisher.serve("/about", about)
        publisher.serve("/raw", Raw([b"any", b"thing"]))
        publisher.serve("/drip", Drip([b"a", b"b"], 0.01))
        publisher.serve("/moved", redirect("/é", 308))
        publisher.serve("/cut", truncated(b"abc", 9))
        publisher.serve("/odd", Reply(status=599, headers=((b"X", b"y"),)))
        assert ask(publisher, "/about").endswith(b"\r\nContent-Length: 6\r\n\r\n/about")
        assert ask(publisher, "/raw") == b"anything"
        assert ask(publisher, "/drip") == b"ab"
        assert b"\r\nLocation: /\xc3\xa9\r\n" in ask(publisher, "/moved")
        assert ask(publisher, "/cut").endswith(b"Content-Length: 9\r\n\r\nabc")
        assert ask(publisher, "/odd").startswith(b"HTTP/1.1 599 Odd\r\nX: y\r\n")


def test_closing_ends_every_pause_and_leaves_no_thread() -> None:
    publisher = Publisher()
    publisher.serve("/feed", HANG)
    asking = threading.Thread(target=ask, args=(publisher, "/feed"))
    asking.start()
    publisher.wait_for(1)
    publisher.close()
    asking.join(timeout=10)
    assert not asking.is_alive()
    ours = {"publisher"} & {thread.name for thread in threading.enumerate()}
    assert not ours
    with pytest.raises(OSError, match="refused"):
        ask(publisher, "/feed")


def test_waiting_for_requests_that_do_not_come_fails() -> None:
    with Publisher() as publisher, pytest.raises(AssertionError, match="0 of 1 requests"):
        publisher.wait_for(1, seconds=0.01)
