"""Every fixture is read and normalised, and says what is written beside it.

``tests/data/feeds/TOPIC/NAME.xml`` begins with a comment on what it shows. ``NAME.expected.json``
beside it holds an object with some of these keys::

    document   content_type, url: how it was served
    error      the code of the error that it is refused with, instead of all that follows
    feed       what must be so of the feed: title, format, link …
    flaws      words that the sentence on its flaws must hold; [] if it must have none
    entries    for each entry, in order, what must be so of it

Of an object only the keys named are compared, of a list every member. A date is its time in UTC,
or an object with ``at``, ``raw``, ``read_as`` and ``sure``.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.dates import rfc3339
from aggregator.errors import AggregatorError
from aggregator.normalise import normalise
from aggregator.parse.document import parse_document
from aggregator.parse.encoding import decode
from tests.data.feeds import URL
from tests.parse.documents import document

FEEDS = Path(__file__).parent / "data" / "feeds"
SUFFIX = ".expected.json"
EXPECTED = sorted(FEEDS.glob(f"*/*{SUFFIX}"))
KEYS = {"document", "error", "feed", "flaws", "entries"}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_is_read_as_written_beside_it(expected: Path) -> None:
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    assert wanted.keys() <= KEYS
    found = read(fixture(expected), wanted)
    flaws = wanted.pop("flaws", None)
    if flaws is not None:
        said = found["feed"]["problem"] or ""
        assert [flaw for flaw in flaws if flaw not in said] == []
        assert bool(said) == bool(flaws), said
    wanted.pop("document", None)
    assert cut_to(wanted, found) == wanted


def test_every_fixture_has_its_expectation_and_says_what_it_shows() -> None:
    found = [path for path in FEEDS.glob("*/*") if path.suffix in {".xml", ".json"}]
    fixtures = [path for path in found if not path.name.endswith(SUFFIX)]
    assert {path.stem for path in fixtures} == {path.name.removesuffix(SUFFIX) for path in EXPECTED}
    silent = [path.name for path in fixtures if not says_what_it_shows(path.read_bytes())]
    assert silent == []


def says_what_it_shows(body: bytes) -> bool:
    beginning = decode(body).text[:400]
    return "<!--" in beginning or '"_comment"' in beginning


def fixture(expected: Path) -> Path:
    stem = expected.name.removesuffix(SUFFIX)
    (found,) = (
        expected.with_name(stem + suffix)
        for suffix in (".xml", ".json")
        if expected.with_name(stem + suffix).exists()
    )
    return found


def read(path: Path, wanted: dict[str, Any]) -> dict[str, Any]:
    served = wanted.get("document", {})
    url = served.get("url", URL)
    given = document(path.read_bytes(), served.get("content_type"), url)
    try:
        feed, entries = normalise(parse_document(given), key=url, url=url)
    except AggregatorError as error:
        return {"error": error.code}
    return {"feed": shown(feed), "entries": shown(entries)}


def shown(value: Any) -> Any:
    """Return a value of ours as JSON has it."""
    if is_dataclass(value):
        return {field.name: shown(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple | frozenset):
        return [shown(each) for each in value]
    return value


def cut_to(wanted: Any, found: Any) -> Any:
    """Return of ``found`` what ``wanted`` asks for, so that a difference shows nothing else."""
    match wanted, found:
        case dict(), dict():
            return {key: cut_to(wanted[key], found.get(key, "missing")) for key in wanted}
        case list(), list() if len(wanted) == len(found):
            return [cut_to(*pair) for pair in zip(wanted, found, strict=True)]
        case str(), {"at": at}:
            return at
        case _:
            return found
