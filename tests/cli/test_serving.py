"""``serve``, over a real socket, until it is told to stop."""

import os
import signal
import socket
import threading
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from aggregator.cli.main import main
from tests.empty import empty_database
from tests.test_pushing import free_port

CONFIG = "feeds: []\ntags:\n  mali: {title: Of Mali, query: Mali, examples: {match: [Mali]}}\n"


def visit(port: int, pages: list[str], ended: threading.Event) -> None:
    """Read the first page as soon as somebody listens, then tell the program to stop."""
    while not ended.wait(0.01):
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", "/")
                pages.append(connection.getresponse().read().decode())
        except ConnectionRefusedError:
            continue
        os.kill(os.getpid(), signal.SIGTERM)
        return


def test_pages_are_served_until_it_is_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, port, ended = tmp_path / "feeds.yaml", free_port(), threading.Event()
    pages: list[str] = []
    config.write_text(CONFIG, encoding="utf-8")
    empty_database(tmp_path / "aggregator.db")
    visitor = threading.Thread(target=visit, args=(port, pages, ended))
    visitor.start()
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as left:
            main(["--config", str(config), "serve", "--port", str(port)])
    finally:
        ended.set()
        visitor.join()
    assert left.value.code == 0
    assert "Of Mali" in pages[0]
    assert f"http://127.0.0.1:{port}/" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_port_that_is_taken_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    empty_database(tmp_path / "aggregator.db")
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(SystemExit) as left,
    ):
        main(["--config", str(config), "serve", "--port", str(taken.getsockname()[1])])
    told = capsys.readouterr().err
    assert left.value.code == 1
    assert told.startswith("aggregator: Nobody can be listened to on 127.0.0.1")


def test_without_a_database_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["--config", str(config), "serve"])
    assert left.value.code == 1
    assert "run `aggregator poll` first" in capsys.readouterr().err
