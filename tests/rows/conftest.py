"""A newsroom that has subscribed to one feed, for the tests of all rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.fetch.client import ClientSettings
from aggregator.fetch.decoding import Sizes
from aggregator.fetch.patience import Timeouts
from tests.rows.secured import Secured, opened_secured
from tests.scenario import Newsroom


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        yield newsroom


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom with little patience and little room."""
    settings = ClientSettings(
        timeouts=Timeouts(total=0.3), sizes=Sizes(wire_bytes=50_000, decoded_bytes=100_000)
    )
    with Newsroom(tmp_path, settings=settings) as newsroom:
        newsroom.subscribe("/feed")
        yield newsroom


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    """A newsroom that has subscribed to nothing, and a publisher that speaks TLS as well."""
    with opened_secured(tmp_path) as secured:
        yield secured
