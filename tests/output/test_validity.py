"""Whatever comes in, what we publish is valid by the rules of the W3C feed validator."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from lxml import etree

from aggregator.model.entries import TaggedEntry
from aggregator.output import atom, jsonfeed, rss
from aggregator.output.channel import Channel
from tests.builders import entry, evidence, full_entry, tag, tagged
from tests.output.hostile import outputs
from tests.output.validator import check, errors, unexpected

Writer = Callable[[Channel, Sequence[TaggedEntry]], bytes]
WRITERS: dict[str, Writer] = {
    "atom": atom.render,
    "rss": rss.render,
    "json": jsonfeed.render,
}
ADDRESS = "https://newsroom.example/sahel"
CHANNEL = Channel(
    id=ADDRESS,
    title="The Sahel & <b>neighbours</b>",
    description="\x0b",
    self_url=ADDRESS,
    hub="https://hub.example/",
    tag_titles={"sahel": "</b> &amp; more"},
    version="0.1.0",
)


@pytest.fixture(params=sorted(WRITERS))
def write(request: pytest.FixtureRequest) -> Writer:
    return WRITERS[request.param]


@pytest.mark.parametrize("name", WRITERS)
def test_no_entries_earn_an_error_or_an_unexpected_warning(name: str) -> None:
    @settings(max_examples=25)
    @given(outputs)
    def holds(entries: list[TaggedEntry]) -> None:
        document = WRITERS[name](replace(CHANNEL, evidence=True), entries)
        assert unexpected(check(document, location=ADDRESS)) == []

    holds()


def test_what_is_usual_earns_nothing_at_all(write: Writer) -> None:
    document = write(CHANNEL, [tagged(entry("One"), tags=(tag(),)), tagged(entry("Two"))])
    found = check(document, location=ADDRESS)
    assert set(found) <= {"DuplicateUpdated"}


def test_a_huge_text_is_as_good_as_a_short_one(write: Writer) -> None:
    huge = "<p>Wörter &amp; mehr &lt; weniger</p>" * 4_000
    document = write(CHANNEL, [tagged(entry("x" * 100_000, content_html=huge))])
    assert check(document, location=ADDRESS) == []


def test_namespaces_that_validators_do_not_know_are_declared_where_they_are_used() -> None:
    subject = tagged(full_entry(), tags=(tag("mali"),))
    assert set(check(atom.render(CHANNEL, [subject]), location=ADDRESS)) == {"UnsupportedNamespace"}
    told = replace(CHANNEL, evidence=True)
    known = {"UnsupportedNamespace", "UnknownNamespace"}
    assert set(check(rss.render(told, [subject]), location=ADDRESS)) == known


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_a_file_without_an_address_only_lies_elsewhere_than_it_says(name: str) -> None:
    document = WRITERS[name](Channel(id="urn:aggregator:output:a%20b", title="A b"), [tagged()])
    assert check(document) == ["SelfDoesntMatchLocation"]
    assert b"file://localhost/a%20b" in document


def test_evidence_is_told_where_it_is_wanted() -> None:
    subject = tagged(tags=(tag("mali", evidence=(evidence(value="Bamako & more"),)),))
    for render in (atom.render, rss.render):
        assert b"evidence" not in render(CHANNEL, [subject])
        feed = etree.fromstring(render(replace(CHANNEL, evidence=True), [subject]))
        (span,) = feed.iter("{urn:aggregator:evidence}evidence")
        assert list(span.attrib.values()) == ["mali", "title", "16", "22"]
        assert span.text == "Bamako & more"


# --- the rules themselves ------------------------------------------------------------------------

SPOILT = [
    ("atom", r"<id>urn:aggregator:\w+</id>", "", "MissingElement"),
    ("atom", r"(<id>urn:aggregator:)\w+", r"\1two words", "InvalidURN"),
    ("atom", r"(<updated>).*?(</updated>)", r"\1yesterday\2", "InvalidRFC3339Date"),
    ("atom", r"(<published>)\d{4}", r"\g<1>1803", "ImplausibleDate"),
    ("atom", r"<author>.*?</author>", "", "MissingElement"),
    ("atom", r"(<name>).*?(</name>)", r"\1 \2", "NotBlank"),
    ("atom", r"(<name>)", r"\1A &lt;a@b.example&gt; ", "ContainsEmail"),
    ("atom", r'(<link rel="alt)', r'<link rel="x" href="urn:x-y:z"/>\1', "UnregisteredAtomLinkRel"),
    ("atom", r'rel="self"', 'rel="via"', "MissingSelf"),
    ("atom", r'(rel="self".*?href=")[^"]*', r"\1urn:x-feed:17", "RelativeSelf"),
    (
        "atom",
        r'(<link rel="alternate" href=")[^"]*',
        r"\1https://news.example/été",
        "InvalidFullLink",
    ),
    ("atom", r"<summary.*?</summary>", "", "MissingTextualContent"),
    ("atom", r'(<summary type="html">)', r"\1&lt;script&gt;", "SecurityRisk"),
    ("atom", r'(<summary type="html">)', r"\1&lt;p&gt;", "NotHtml"),
    ("atom", r"<title>Talks", "<title>&lt;/b&gt; Talks", "ContainsHTML"),
    ("atom", r"<title>Talks", "<title>\x92 Talks", "BadCharacters"),
    ("atom", r"<title>Talks[^<]*", "<title>Ã©", "BadCharacters"),
    ("atom", r"<title>Talks", "<title>\x0b", "SAXError"),
    ("atom", r'xml:lang="en"', 'xml:lang="xq"', "InvalidLanguage"),
    ("atom", r"<summary", "<summary/><summary", "DuplicateElement"),
    ("atom", r"<summary", "<colour/><summary", "UndefinedElement"),
    ("atom", r"<summary", '<summary colour="red"', "UnexpectedAttribute"),
    ("atom", r"<entry ", '<entry xmlns:x="urn:example:x" ', "UnknownNamespace"),
    ("rss", r"<guid.*?</guid>", "", "MissingGuid"),
    ("rss", r"(<guid[^>]*>)[^<]*", r"\g<1>17", "NotSufficientlyUnique"),
    ("rss", r'isPermaLink="false"', 'isPermaLink="true"', "None"),
    ("rss", r"(<pubDate>)Mon", r"\1Tue", "IncorrectDOW"),
    ("rss", r"(<pubDate>.*?)2026", r"\g<1>1926", "IncorrectDOW"),
    ("rss", r"<description>The.*?</description>", "", "MissingElement"),
    (
        "rss",
        r"(<description>&#x3C;p&gt;)",
        r'\1&#x3C;a href="/x"&gt;y&#x3C;/a&gt;',
        "ContainsRelRef",
    ),
    ("rss", r'(<source url=")[^"]*', r"\1", "InvalidFullLink"),
    ("rss", r"<item>", "<item><comments>none</comments>", "InvalidFullLink"),
    ("rss", r"</item>", "</item><title>Late</title>", "DuplicateElement"),
    ("rss", r"<dc:language>en", "<dc:language>english", "InvalidLanguage"),
    ("json", r'"id": "[^"]*",\s*"url"', '"url"', "MissingElement"),
    ("json", r'"content_text": "[^"]*",', "", "MissingElement"),
    ("json", r'("date_published": ")', r"\1about ", "InvalidRFC3339Date"),
    ("json", r'"title": "Talks', '"colour": "Talks', "UndefinedElement"),
    ("json", r'"title": "The[^"]*"', '"title": ""', "MissingElement"),
]


@pytest.mark.parametrize(("name", "pattern", "instead", "finding"), SPOILT)
def test_the_validator_of_these_tests_finds_what_is_spoilt(
    name: str, pattern: str, instead: str, finding: str
) -> None:
    channel = Channel(id=ADDRESS, title="The Sahel", self_url=ADDRESS)
    good = WRITERS[name](channel, [tagged()]).decode()
    assert check(good.encode(), location=ADDRESS) == []
    spoilt = re.sub(pattern, instead, good, count=1, flags=re.DOTALL)
    assert spoilt != good
    found = check(spoilt.encode(), location=ADDRESS)
    assert finding in found or finding == "None"
    assert bool(errors(found)) == (finding not in _WARNED_OF)


_WARNED_OF = {
    *("ImplausibleDate", "NotBlank", "ContainsEmail", "UnregisteredAtomLinkRel", "MissingSelf"),
    *("RelativeSelf", "MissingTextualContent", "SecurityRisk", "NotHtml", "ContainsHTML"),
    *("BadCharacters", "UnknownNamespace", "MissingGuid", "NotSufficientlyUnique", "None"),
    "ContainsRelRef",
}
