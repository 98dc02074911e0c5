"""What `atom10_full.xml` says."""

from aggregator.model.details import Details, Enclosure, Person
from aggregator.model.fetching import Link
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText

EXPECTED = RawFeed(
    updated="2024-06-02T18:30:02Z",
    format="atom10",
    entries=(
        RawEntry(
            guid="entry-1",
            details=Details(
                contributors=(Person("Somebody else"),),
                external_link="https://elsewhere.example/",
            ),
            link="https://harbour.example/feeds/2024/vento",
            title=RawText(
                "O <em>vento</em> &amp; a maré",
                base="https://harbour.example/feeds/2024/",
                language="pt",
            ),
            summary=RawText(
                "Vento forte de 1 < 2 dias",
                kind="text",
                base="https://harbour.example/feeds/2024/",
                language="pt",
            ),
            content=RawText(
                '<p>Vento <a href="mar">forte</a>.</p>',
                base="https://harbour.example/feeds/2024/",
                language="pt-BR",
            ),
            published="2024-06-01T07:00:00-03:00",
            updated="2024-06-02T18:30:02Z",
            authors=(
                Person(name="Tomé"),
                Person(name="Rui"),
            ),
            categories=(
                Category("meteo", scheme="https://harbour.example/tags", label="Meteorologia"),
            ),
            enclosures=(
                Enclosure(
                    url="https://harbour.example/feeds/2024/vento.ogg",
                    media_type="audio/ogg",
                    length_bytes=1337,
                ),
            ),
            language="pt-BR",
            base="https://harbour.example/feeds/2024/",
        ),
        RawEntry(
            guid="https://harbour.example/2024/fog",
            link="https://harbour.example/2024/fog",
            title=RawText(
                "Fog &amp; foghorns", base="https://harbour.example/feeds/", language="en"
            ),
            summary=RawText(
                "A quiet week.", kind="text", base="https://harbour.example/feeds/", language="en"
            ),
            updated="2024-05-30T00:00:00Z",
            language="en",
            base="https://harbour.example/feeds/",
        ),
    ),
    title=RawText(
        "Harbour & sky <b>not bold</b>",
        kind="text",
        base="https://harbour.example/feeds/",
        language="en",
    ),
    description=RawText("<p>Ships, seen</p>", base="https://harbour.example/feeds/", language="en"),
    link="https://harbour.example/",
    language="en",
    base="https://harbour.example/feeds/",
    authors=(
        Person(
            name="Mira Köhler",
            email="mira@harbour.example",
            url="https://harbour.example/feeds/people/mira",
        ),
    ),
    links=(Link("self", "https://harbour.example/feeds/atom.xml"),),
)
