"""What `koi8r_by_header.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

CONTENT_TYPE = 'text/xml; charset="KOI8-R"'
EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://veter.example/sneg",
            title=RawText("Снег в апреле", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Северный ветер", kind="text", base=URL),
    description=RawText("Погода", base=URL),
    link="https://veter.example/",
    base=URL,
)
