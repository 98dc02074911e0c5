"""Takes the README's pictures of the pages: `python docs/screens.py`, with Chromium installed."""

import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

from aggregator.app.serving import opened_pages
from aggregator.config.load import load
from aggregator.demo.play import POLLS_AT
from aggregator.serve.application import application
from aggregator.serve.listening import Listener

HERE = Path(__file__).parent
QUERY = "(Mali OR Niger) NEAR/6 border*"
PAGES = {
    "river": "/",
    "entry": "/entries/5gfenyedk2zcjbii",
    "bench": f"/bench?q={quote(QUERY)}&tag=sahel",
}
WIDTH, HEIGHT = 1200, 760


def now() -> datetime:
    """Return when the demo is looked at (UTC): as soon as it has polled."""
    return POLLS_AT[-1]


def main() -> None:
    """Play the demo in a directory of its own, and take a picture of each page."""
    with tempfile.TemporaryDirectory() as directory:
        demo = (sys.executable, "-m", "aggregator", "demo", "--directory", directory)
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
        config = load(Path(directory, "feeds.yaml"))
        with (
            opened_pages(
                config.database, lambda: config, lambda: POLLS_AT[-1], lambda: None
            ) as pages,
            closing(Listener(application([pages]), "127.0.0.1", 0)) as listener,
            sync_playwright() as playwright,
        ):
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            for name, address in PAGES.items():
                page.goto(f"http://127.0.0.1:{listener.port}{address}")
                page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
