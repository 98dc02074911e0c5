"""What `rss091.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss091",
    entries=(
        RawEntry(
            link="http://lumiere.example/fleuve",
            title=RawText("Les enfants du fleuve", kind="text", base=URL),
            base=URL,
        ),
        RawEntry(
            link="http://lumiere.example/zoe",
            title=RawText("Zöe\xa0in Riga", kind="text", base=URL),
            summary=RawText("A winter tale", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Café Lumière", kind="text", base=URL),
    description=RawText("Films of the week", base=URL),
    link="http://lumiere.example/",
    language="fr",
    base=URL,
    skip_hours=frozenset({1, 2}),
)
