"""What `cdata.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://salt.example/1",
            title=RawText("Vec<String> & co", kind="text", base=URL),
            summary=RawText("<p>One</p><p>two &amp; three &#0;</p>", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Salt & Pepper", kind="text", base=URL),
    description=RawText("All <b>about</b> &eacute;pices", base=URL),
    link="https://salt.example/?a=1&b=2",
    base=URL,
)
