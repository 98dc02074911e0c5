"""The house has floors: who may import whom, and which module alone may know which library."""

import sys
from pathlib import Path

import pytest

from tests.modules import calls, dotted, imports, modules

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"errors"}),
    frozenset({"model"}),
    frozenset(
        {
            *("text", "folding", "dates", "dating", "durations", "urls", "html", "language"),
            *("wording", "domains", "canonical", "detection"),
        }
    ),
    frozenset({"query"}),
    frozenset({"boilerplate", "identity", "cadence", "differences", "excerpts", "particulars"}),
    frozenset(
        {
            *("normalise", "changes", "evaluation", "tagging", "polling", "politeness", "websub"),
            *("outage", "manners", "moving"),
        }
    ),
    frozenset({"tagger"}),
    frozenset({"definitions", "reasons", "retagging"}),
    frozenset({"config", "opml", "output", "store", "fetch", "parse"}),
    frozenset({"asking", "pipeline", "scheduler", "listings", "publishing"}),
    frozenset({"approach", "archives", "finding", "serve"}),
    frozenset({"outcomes"}),
    frozenset({"discovery", "settling", "reapplying"}),
    frozenset({"sweeping"}),
    frozenset({"app", "hubs", "webhooks"}),
    frozenset({"budgeting", "catchup", "pushing"}),
    frozenset({"daemon"}),
    frozenset({"demo"}),
    frozenset({"cli"}),
)
"""From the ground up. A room imports from floors below and from itself, never from a neighbour."""

NEIGHBOURS_WITHIN = frozenset({2})
"""Floors whose rooms may know each other: the small tools for text, dates and addresses."""

ONLY_IN: dict[str, frozenset[str]] = {
    "apscheduler": frozenset({"scheduler"}),
    "brotli": frozenset({"fetch.decoding", "serve.shelf"}),
    "click": frozenset({"cli"}),
    "gcld3": frozenset({"detection.detector"}),
    "feedparser": frozenset({"parse.xml"}),
    "hijridate": frozenset({"dating.calendars"}),
    "httpcore": frozenset({"fetch.client", "fetch.transport"}),
    "httpx": frozenset({"fetch.client", "fetch.tls", "fetch.transport"}),
    "jinja2": frozenset({"serve.site"}),
    "lxml": frozenset({"html", "opml", "output", "parse"}),
    "markupsafe": frozenset(
        {"serve.entries", "serve.marking", "serve.noting", "serve.samples", "serve.whys"}
    ),
    "nh3": frozenset({"html.sanitising"}),
    "pebble": frozenset({"parse.workers"}),
    "prometheus_client": frozenset({"serve.metrics"}),
    "publicsuffixlist": frozenset({"domains"}),
    "re2": frozenset({"query.regex"}),
    "rich": frozenset({"cli", "output.drawing", "output.table"}),
    "sqlite3": frozenset({"store.database"}),
    "sqlite_utils": frozenset({"store"}),
    "starlette": frozenset({"app.serving", "daemon", "pushing", "serve"}),
    "structlog": frozenset({"cli.running"}),
    "uvicorn": frozenset({"serve.listening"}),
    "yaml": frozenset({"config.sayings", "config.tree"}),
    "zstandard": frozenset({"fetch.decoding"}),
}
"""Every library beside the standard one, and of that the database; a room stands for its files."""

PURE_FLOORS = 8
"""Below the eighth floor nobody reads a clock, a random number, a file or a socket, or logs."""

IMPURE = frozenset(
    {
        *("logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "subprocess"),
        *("sys", "tempfile", "threading", "time", "uuid"),
    }
)
IMPURE_CALLS = frozenset({"input", "now", "open", "print", "today", "utcnow"})
"""What needs no import, or comes with a harmless one: ``datetime.now``."""


def room(name: str) -> str:
    return name.partition(".")[0]


def floor(name: str) -> int:
    return next(level for level, rooms in enumerate(FLOORS) if room(name) in rooms)


def own_imports(path: Path) -> set[str]:
    rooms = (
        name.removeprefix("aggregator.") for name in imports(path) if name.startswith("aggregator.")
    )
    return {name for name in rooms if room(name) != "__version__"}


def test_every_room_has_its_floor() -> None:
    rooms = {room(dotted(path)) for path in modules()} - {"", "__main__"}
    assert rooms == set().union(*FLOORS)


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_go_downwards(path: Path) -> None:
    here = dotted(path)
    if here in {"", "__main__"}:
        return
    for there in own_imports(path):
        if room(there) == room(here):
            continue
        level = floor(here)
        below = floor(there) < level or (level in NEIGHBOURS_WITHIN and floor(there) == level)
        assert below, f"{here} may not import {there}"


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_is_known_in_one_place(library: str) -> None:
    homes = ONLY_IN[library]
    users = {
        dotted(path)
        for path in modules()
        if any(name.split(".")[0] == library for name in imports(path))
    }
    assert all(user in homes or room(user) in homes for user in users)
    assert all(any(home in (user, room(user)) for user in users) for home in homes)


def test_every_library_has_its_place_in_the_table() -> None:
    known = {*sys.stdlib_module_names, "aggregator", *ONLY_IN}
    assert {name.split(".")[0] for path in modules() for name in imports(path)} <= known


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_the_core_touches_nothing(path: Path) -> None:
    here = dotted(path)
    if here in {"", "__main__"} or floor(here) >= PURE_FLOORS:
        return
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE
    assert not set(calls(path)) & IMPURE_CALLS


def test_the_rooms_import_without_a_circle() -> None:
    graph = {dotted(path): own_imports(path) for path in modules()}
    names = set(graph)
    edges = {
        here: {there if there in names else there.rpartition(".")[0] for there in targets} & names
        for here, targets in graph.items()
    }
    done: set[str] = set()

    def walk(here: str, path: tuple[str, ...]) -> None:
        assert here not in path, " → ".join((*path, here))
        if here in done:
            return
        for there in sorted(edges[here]):
            walk(there, (*path, here))
        done.add(here)

    for name in sorted(edges):
        walk(name, ())
