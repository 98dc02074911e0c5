"""What `truncated.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            guid="1",
            link="https://cut.example/1",
            title=RawText("Whole", kind="text", base=URL),
            base=URL,
        ),
        RawEntry(
            guid="2",
            link="https://cut.example/2",
            title=RawText("Whole too", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Cut short", kind="text", base=URL),
    description=RawText("…", base=URL),
    link="https://cut.example/",
    base=URL,
    problem=(
        "This document has flaws: it is not well-formed (no element found in line 6,"
        " entry 3) and was read as far as possible."
    ),
)
