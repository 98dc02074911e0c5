"""The whole walk over captured feeds: `python -m benchmarks.captured DIRECTORY [FEEDS.YAML]`.

The directory's feed files are served over loopback by the standard library's file server, polled
twice by the command line (`poll --all`), searched and emitted. The tags are those of FEEDS.YAML,
else of the starter.
"""

import functools
import http.server
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FEED_FILES = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})
STARTER = Path(__file__).parents[1] / "feeds.yaml"


@dataclass(frozen=True)
class Run:
    """A command that has ended: what it wrote, and what it cost."""

    output: bytes
    seconds: float
    cpu_seconds: float


def run(*arguments: str) -> Run:
    """Run ``aggregator ARGUMENTS``, its worker processes counted in."""
    before, started = children_cpu(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", *arguments], stdout=subprocess.PIPE, check=True
    )
    return Run(done.stdout, time.monotonic() - started, children_cpu() - before)


def children_cpu() -> float:
    """Return the CPU seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The standard file server, with its Last-Modified and 304, without its log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def configuration(names: list[str], port: int, rules: Path) -> str:
    """Return a configuration that subscribes to every file, with the tags of another."""
    feeds = "".join(f"  - url: http://127.0.0.1:{port}/{name}\n" for name in names)
    text = rules.read_text(encoding="utf-8")
    tags = text[text.index("\ntags:") :].partition("\noutputs:")[0]
    return (
        "poll: {allow_addresses: [127.0.0.0/8]}\n"
        f"feeds:\n{feeds}{tags}\n"
        "outputs:\n  - {name: all, path: all.atom, title: All}\n"
        "  - {name: everything, path: all.json, title: All, limit: 10000}\n"
    )


def measure(directory: Path, rules: Path, port: int) -> None:
    """Poll twice, search and emit, and print what it took."""
    names = sorted(path.name for path in directory.iterdir() if path.suffix in FEED_FILES)
    with tempfile.TemporaryDirectory() as place:
        config = Path(place, "feeds.yaml")
        config.write_text(configuration(names, port, rules), encoding="utf-8")
        at = ("--config", str(config))
        for told in ("first poll", "second poll"):
            done = run(*at, "poll", "--all", "--format", "json")
            report(told, done, describe(json.loads(done.output)))
        size = sum(path.stat().st_size for path in Path(place).glob("aggregator.db*"))
        found = run(*at, "search", "africa OR climat* OR security", "--limit", "20")
        report("search", found, f"{len(found.output.splitlines()) - 1} entries shown")
        report("emit", run(*at, "emit"), "2 outputs")
        figures = json.loads(run(*at, "stats", "--format", "json").output)
        print(json.dumps(figures))
        print(f"database {size / 2**20:.1f} MiB")


def describe(done: dict[str, Any]) -> str:
    """Return a round's outcomes in a line."""
    return json.dumps({key: value for key, value in done.items() if isinstance(value, int | dict)})


def report(told: str, done: Run, what: str) -> None:
    """Print a row."""
    print(f"{told:12} {done.seconds:6.2f} s {done.cpu_seconds:6.2f} CPU s  {what}")


def main() -> None:
    """Serve the directory and measure."""
    directory = Path(sys.argv[1])
    rules = Path(sys.argv[2]) if len(sys.argv) > 2 else STARTER
    handler = functools.partial(Quiet, directory=str(directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        measure(directory, rules, server.server_port)
        server.shutdown()


if __name__ == "__main__":
    main()
