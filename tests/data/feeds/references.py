"""What `references.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://fish.example/cod",
            title=RawText("Cod ♥ &unknown; &lt;3", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Fish&Chips – R&D;", base=URL),
    description=RawText("����!", base=URL),
    link="https://fish.example/?a=1&b=2&copy=3",
    base=URL,
    problem=(
        "This document has flaws: it has ampersands not escaped (line 4); it has entities"
        " that it does not declare (line 4); it refers to characters that do not exist"
        " (line 5)."
    ),
)
