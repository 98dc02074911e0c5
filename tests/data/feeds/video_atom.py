"""What `video_atom.xml` says."""

from aggregator.model.details import Enclosure, Person
from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="atom10",
    entries=(
        RawEntry(
            guid="vid:1",
            link="https://video.example/watch?v=1",
            title=RawText("Raku, step by step", kind="text", base=URL),
            summary=RawText("Glaze, kiln & smoke.", kind="text", base=URL),
            published="2024-02-03T10:00:00+00:00",
            updated="2024-02-04T10:00:00+00:00",
            enclosures=(Enclosure("https://video.example/v/1", "application/x-video", width=640),),
            image="https://video.example/1.jpg",
            base=URL,
        ),
    ),
    title=RawText("Clay and fire", kind="text", base=URL),
    link="https://video.example/c/clay",
    base=URL,
    authors=(Person(name="Clay and fire", url="https://video.example/c/clay"),),
)
