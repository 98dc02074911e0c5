"""What `jsonfeed_wrong_types.json` says."""

from aggregator.model.details import Enclosure
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="json11",
    entries=(
        RawEntry(
            guid="1",
            content=RawText("Still read", kind="text", base=URL),
            categories=(Category("one"),),
            enclosures=(Enclosure(url="https://odd.example/a"),),
            base=URL,
        ),
        RawEntry(guid="111111111111111111111111111111111111111111111111111111", base=URL),
    ),
    base=URL,
    problem=(
        "This document has flaws: fields of the wrong type were ignored: "
        "items[0], items[1], items[2].title and 9 more."
    ),
)
