"""What `atom03.xml` says."""

from aggregator.model.details import Person
from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    updated="2004-05-01T12:00:00Z",
    format="atom03",
    entries=(
        RawEntry(
            guid="tag:werkstatt.example,2004:3",
            link="http://werkstatt.example/zinke",
            title=RawText("Die <i>Zinke</i>", base=URL, language="de"),
            content=RawText("<p>Erst <b>messen</b>.</p>", base=URL, language="de"),
            published="2004-05-01T11:00:00+02:00",
            updated="2004-05-01T11:30:00+02:00",
            language="de",
            base=URL,
        ),
    ),
    title=RawText("Werkstatt", kind="text", base=URL, language="de"),
    description=RawText("Holz und Leim", kind="text", base=URL, language="de"),
    link="http://werkstatt.example/",
    language="de",
    base=URL,
    authors=(Person(name="Jo Brandt", email="jo@werkstatt.example"),),
)
