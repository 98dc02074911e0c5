"""A browser, and a site that holds what is hard to show."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from aggregator.html.layout import plain
from aggregator.html.sanitising import sanitise
from aggregator.identity import feed_id
from aggregator.model.entries import Entry, Evidence
from aggregator.model.feeds import Rhythm
from aggregator.store.sqlite import SqliteStore
from tests.browser.attacks import ATTACKS
from tests.builders import FEED, NOW, entry, full_entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import fail, poll, subscribe

ARABIC = "قمة دول الساحل في باماكو"
MALI = Evidence("content", 30, 34, "Mali")
SAHEL = Evidence("title", 8, 14, "الساحل")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return headless Chromium as the system has it; none is ever downloaded."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "these tests need Chromium: install it, or leave out `-m browser`"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of pages over a store with attacks, many scripts and long words."""
    path: Path = empty_database(tmp_path_factory.mktemp("browser") / "aggregator.db")
    with closing(SqliteStore(path)) as store:
        quiet = subscription("https://quiet.example/ar.xml", name=ARABIC)
        attacked = subscription("https://attack.example/", name=f"Attack {ATTACKS[0]}")
        subscribe(store, subscription(name="Example News", labels=("africa",)), quiet, attacked)
        fail(store, quiet.url, rhythm=Rhythm(failures=1, failing_since=NOW))
        tags = {0: (tag("mali", evidence=(MALI,)),), 1: (tag("sahel", evidence=(SAHEL,)),)}
        found = [full_entry("Talks in Mali"), arabic(), entry("Long" * 60), *attacks()]
        poll(
            store,
            new=tuple(
                tagged(
                    each,
                    seen_at=NOW - timedelta(hours=number),
                    tags=tags.get(number, (tag("sahel"),)),
                )
                for number, each in enumerate(found)
            ),
        )
    with serving(path) as client:
        yield str(client.base_url).rstrip("/")


@pytest.fixture(params=["light", "dark"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    opened = browser.new_context(color_scheme=request.param)
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.fixture
def addresses(site: str) -> tuple[str, ...]:
    """Return every kind of page that the navigation leads to, an entry, and a mistake."""
    with httpx.Client(trust_env=False) as client:
        first = client.get(site + "/").text.partition('href="/entries/')[2].partition('"')[0]
    paths = (
        "/",
        "/?q=(",
        "/?q=nothing",
        "/tags",
        "/tags/mali",
        "/tags/sahel",
        "/tags/none",
        "/feeds",
        "/feeds?sort=-errors",
        f"/sources/{feed_id(FEED)}",
        f"/sources/{feed_id('https://quiet.example/ar.xml')}",
        "/sources/none",
        "/bench?q=mali&tag=mali",
        "/bench?q=(",
        f"/entries/{first}",
        "/entries/none",
        "/none",
    )
    return tuple(site + path for path in paths)


def arabic() -> Entry:
    html = "<p>اجتمع قادة دول الساحل يوم الاثنين في باماكو.</p>"
    return entry(ARABIC, language="ar", content_html=html, content=plain(html), summary=plain(html))


def attacks() -> Iterator[Entry]:
    """Yield entries whose texts attack, sanitised as every text is."""
    for number, attack in enumerate(ATTACKS):
        html = sanitise(f"<p>before {number}</p>{attack}<p>after</p>", "https://news.example/")
        yield entry(
            f"Attack {number} {attack}", content_html=html, content=plain(html), summary=attack
        )
