"""One call for every format."""

from typing import get_args

import pytest

from aggregator.output.channel import Channel
from aggregator.output.render import Format, render
from tests.builders import full_entry, tag, tagged

CHANNEL = Channel(id="urn:aggregator:output:all", title="All")
BEGINNINGS: dict[Format, bytes] = {
    "atom": b"<?xml version='1.0' encoding='utf-8'?>\n<feed ",
    "rss": b"<?xml version='1.0' encoding='utf-8'?>\n<rss ",
    "json": b'{\n  "version": "https://jsonfeed.org/version/1.1"',
    "jsonl": b'{"id": ',
    "csv": b"id,first_seen,",
}


@pytest.mark.parametrize("format", get_args(Format))
def test_every_format_is_rendered(format: Format) -> None:
    body = render(format, CHANNEL, [tagged(full_entry())])
    assert body.startswith(BEGINNINGS[format])
    assert body.endswith(b"\n")


@pytest.mark.parametrize("format", get_args(Format))
def test_the_same_entries_give_the_same_bytes(format: Format) -> None:
    def once() -> bytes:
        return render(format, CHANNEL, [tagged(full_entry(), tags=(tag("mali"), tag("sahel")))])

    assert once() == once()


@pytest.mark.parametrize("format", get_args(Format))
def test_entries_stay_in_the_order_given(format: Format) -> None:
    titles = [f"Entry {letter}" for letter in "BCA"]
    body = render(format, CHANNEL, [tagged(full_entry(title)) for title in titles]).decode()
    assert sorted(titles, key=body.index) == titles
