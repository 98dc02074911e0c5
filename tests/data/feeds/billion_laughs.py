"""What `billion_laughs.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(RawEntry(link="https://lol.example/1", title=RawText("&file;", base=URL), base=URL),),
    title=RawText("Laughs — a\\1b", kind="text", base=URL),
    description=RawText("&lol3;", base=URL),
    link="https://lol.example/",
    base=URL,
    problem="This document has flaws: it has entities that it does not declare (line 14).",
)
