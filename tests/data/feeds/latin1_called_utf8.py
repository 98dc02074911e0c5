"""What `latin1_called_utf8.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://dessert.example/choux",
            title=RawText("Pâte à choux, où ça ?", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Crème brûlée", kind="text", base=URL),
    description=RawText("À la carte", base=URL),
    link="https://dessert.example/",
    base=URL,
    problem=(
        "This document has flaws: it calls itself utf-8 and is not; it was read as windows-1252."
    ),
)
