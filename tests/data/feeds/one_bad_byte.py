"""What `one_bad_byte.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://bro.example/1",
            title=RawText("Färjan går från Ystad till Rønne på måndag", kind="text", base=URL),
            summary=RawText("Caf� i hamnen är öppet", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Öresund – en bro över vattnet", kind="text", base=URL),
    description=RawText("Från Malmö till Köpenhamn", base=URL),
    link="https://bro.example/",
    base=URL,
    problem="This document has flaws: it contains 1 invalid UTF-8 byte in line 6.",
)
