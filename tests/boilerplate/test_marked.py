import pytest

from aggregator.boilerplate.marked import marked
from aggregator.html.layout import blocks

NEWS = "<p>Delegates met in Bamako on Monday to talk about the transition.</p>"
LINK = '<a href="/x">Niger closes its border with Benin</a>'


def judged(html: str, title: str = "Talks resume in Bamako") -> list[str]:
    laid_out = blocks(html)
    text = "\n\n".join(block.text for block in laid_out)
    return [text[part.start : part.end] for part in marked(title, (), laid_out)]


@pytest.mark.parametrize(
    "marker",
    [
        *("Read also:", "READ MORE:", "Lire aussi :", "À lire aussi >", "Lea también:"),
        *("Leia também:", "Lesen Sie auch:", "Leggi anche:", "Lees ook:", "Soma pia:"),
        *("Karanta kuma:", "Читайте также:", "Ayrıca okuyun:", "بیشتر بخوانید:"),
        *("اقرأ أيضًا:", "延伸阅读：", "関連記事：", "यह भी पढ़ें:"),
    ],
)
def test_what_leads_to_another_article_is_told_in_many_languages(marker: str) -> None:
    html = f"{NEWS}<p>{marker} {LINK}</p>"
    assert judged(html) == [f"{marker} Niger closes its border with Benin"]
    assert judged(f"{NEWS}<p>{marker} Niger closes its border with Benin</p>") == []


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Read also {LINK}</p>",
        f"{NEWS}<p>Read also what the minister wrote in his {LINK} about the war in Sudan.</p>",
        f"{NEWS}<p>Related stories</p><p>Nobody linked anything here at all.</p>",
        f"{NEWS}<p>Related stories</p>",
        f"{NEWS}<p>{LINK}</p>",
        f"{NEWS}<p>Followers of the cleric marched on Friday, {LINK}.</p>",
        f"{NEWS}<p>The post of minister stays vacant, officials said.</p>",
        f"{NEWS}<p>Read more: <a href='/x'>{'a very long story ' * 30}</a></p>",
    ],
)
def test_what_may_be_news_is_kept(html: str) -> None:
    assert judged(html) == []


def test_links_below_a_marker_go_with_it_until_something_else_is_said() -> None:
    below = f"<h3>Related articles</h3><ul><li>{LINK}</li><li>{LINK}</li></ul>"
    titled = "Niger closes its border with Benin"
    assert judged(f"{NEWS}{below}{NEWS}<p>{LINK}</p>") == ["Related articles", titled, titled]


@pytest.mark.parametrize(
    "footer",
    [
        "The post Talks resume in Bamako appeared first on Mali Daily.",
        "L'article Talks resume in Bamako est apparu en premier sur Mali Daily.",
        "Der Beitrag Talks resume in Bamako erschien zuerst auf Mali Daily.",
        "La entrada Talks resume in Bamako se publicó primero en Mali Daily.",
    ],
)
def test_a_footer_that_names_the_entry_needs_no_link(footer: str) -> None:
    assert judged(f"{NEWS}<p>{footer}</p>") == [footer]
    assert judged(f"{NEWS}<p>{footer}</p>", title="Another") == []


def test_an_invitation_to_follow_needs_a_link() -> None:
    said = "Follow us on Mastodon"
    assert judged(f"{NEWS}<p>Follow us on <a href='/m'>Mastodon</a></p>") == [said]
    assert judged(f"{NEWS}<p>{said}</p>") == []
