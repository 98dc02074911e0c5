"""What `undeclared_namespace.xml` says."""

from aggregator.model.details import Person
from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://prefix.example/1?x=1&y=2",
            title=RawText("One", kind="text", base=URL),
            content=RawText("<p>Whole &amp; well</p>", base=URL),
            authors=(Person(name="Sam Ito"),),
            image="https://prefix.example/1.png",
            base=URL,
        ),
    ),
    title=RawText("Prefixes", kind="text", base=URL),
    description=RawText("None declared", base=URL),
    link="https://prefix.example/",
    base=URL,
    problem=(
        "This document has flaws: it is not well-formed (unbound prefix in line 6, entry"
        " 1) and was read as far as possible."
    ),
)
