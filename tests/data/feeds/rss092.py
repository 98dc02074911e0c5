"""What `rss092.xml` says."""

from aggregator.model.details import Enclosure
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss092",
    entries=(
        RawEntry(
            summary=RawText('<a href="http://hiss.example/1">First</a> take.', base=URL),
            enclosures=(Enclosure(url="http://hiss.example/1.mp3"),),
            base=URL,
        ),
        RawEntry(
            summary=RawText("Second take.", base=URL), categories=(Category("demo"),), base=URL
        ),
    ),
    title=RawText("Tape hiss", kind="text", base=URL),
    description=RawText("Songs found", base=URL),
    link="http://hiss.example/",
    base=URL,
)
