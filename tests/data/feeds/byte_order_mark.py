"""What `byte_order_mark.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://zolc.example/1",
            title=RawText("Gęślą jaźń", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Żółć", kind="text", base=URL),
    link="https://zolc.example/",
    base=URL,
)
