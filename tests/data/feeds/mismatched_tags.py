"""What `mismatched_tags.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://knots.example/bowline",
            title=RawText("Bowline", kind="text", base=URL),
            base=URL,
        ),
        RawEntry(
            link="https://knots.example/bend",
            title=RawText("Sheet bend", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Knots", kind="text", base=URL),
    description=RawText("Tied", base=URL),
    link="https://knots.example/",
    base=URL,
    problem=(
        "This document has flaws: it is not well-formed (mismatched tag in line 4, entry"
        " 1) and was read as far as possible."
    ),
)
