"""What `utf16.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://nikki.example/sakura",
            title=RawText("桜が咲いた 🌸", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("日々の記録", kind="text", base=URL),
    description=RawText("東京から", base=URL),
    link="https://nikki.example/",
    base=URL,
)
