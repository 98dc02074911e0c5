"""What `podcast.xml` says."""

from aggregator.model.details import Enclosure, Person
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    image="https://tram.example/cover.jpg",
    format="rss20",
    entries=(
        RawEntry(
            guid="ep4",
            link="https://tram.example/4",
            title=RawText("Line 4", kind="text", base=URL),
            summary=RawText("The last ride.", base=URL),
            authors=(Person(name="Ada Quist"),),
            categories=(
                Category("tram", scheme="http://www.itunes.com/"),
                Category("night", scheme="http://www.itunes.com/"),
            ),
            enclosures=(
                Enclosure(
                    url="https://tram.example/4.mp3", media_type="audio/mpeg", length_bytes=31415926
                ),
            ),
            image="https://tram.example/4.jpg",
            base=URL,
        ),
        RawEntry(
            guid="ep5",
            title=RawText("Line 5", kind="text", base=URL),
            summary=RawText("Only iTunes tells.", kind="text", base=URL),
            enclosures=(Enclosure(url="https://tram.example/5.png", medium="image"),),
            image="https://tram.example/5.png",
            base=URL,
        ),
    ),
    title=RawText("Night tram", kind="text", base=URL),
    description=RawText("Stories", base=URL),
    link="https://tram.example/",
    language="en",
    base=URL,
    authors=(Person(name="Night Tram Radio"),),
)
