"""The pages over a store of a test's own, asked over loopback.

::

    with serving(path) as client:
        answer = client.get("/")
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import httpx

from aggregator.app.serving import opened_pages
from aggregator.config.load import load
from aggregator.serve.application import application
from aggregator.serve.listening import Listener
from tests.builders import NOW

CONFIG = """\
serve: {hosts: [desk.example]}
feeds:
  - url: https://news.example/feed.xml
    name: Example News
    labels: [africa]
tags:
  mali:
    title: Mali
    query: Mali
    examples: {match: [Talks in Mali]}
  sahel:
    query: Sahel
    examples: {match: [The Sahel]}
"""


@contextmanager
def serving(
    database: Path, config: str = CONFIG, below: str = "", ticked_at: datetime | None = None
) -> Iterator[httpx.Client]:
    """Return a client of the pages over a database, below a path."""
    path = database.with_name("feeds.yaml")
    path.write_text(config, encoding="utf-8")
    loaded = load(path)
    with (
        opened_pages(database, lambda: loaded, lambda: NOW, lambda: ticked_at) as pages,
        closing(Listener(application([pages], below), "127.0.0.1", 0)) as listener,
        httpx.Client(base_url=f"http://127.0.0.1:{listener.port}", trust_env=False) as client,
    ):
        yield client
