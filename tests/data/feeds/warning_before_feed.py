"""What `warning_before_feed.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://warned.example/1", title=RawText("One", kind="text", base=URL), base=URL
        ),
    ),
    title=RawText("Warned", kind="text", base=URL),
    description=RawText("Still here", base=URL),
    link="https://warned.example/",
    base=URL,
    problem=(
        "This document has flaws: something else stands before the feed; it "
        "is not well-formed (junk after document element in line 8) and was "
        "read as far as possible."
    ),
)
