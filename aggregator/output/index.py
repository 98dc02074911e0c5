"""A page that names what is published: HTML that runs nothing and loads nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from aggregator.output.characters import clean

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
{links}</head>
<body>
<h1>{title}</h1>
<ul>
{items}</ul>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that readers may subscribe to or fetch; ``address`` is as it is to be linked."""

    title: str
    address: str
    form: str
    media_type: str
    is_feed: bool = True


def render_index(title: str, offers: Sequence[Offer]) -> bytes:
    """Return the page, by which readers' programs find the feeds, too (autodiscovery)."""
    links = "".join(
        f'<link rel="alternate" type="{_quoted(one.media_type)}" title="{_quoted(one.title)}"'
        f' href="{_quoted(one.address)}">\n'
        for one in offers
        if one.is_feed
    )
    items = "".join(
        f'<li><a href="{_quoted(one.address)}" type="{_quoted(one.media_type)}" dir="auto">'
        f"{_quoted(one.title)}</a> ({_quoted(one.form)})</li>\n"
        for one in offers
    )
    return _PAGE.format(title=_quoted(title), links=links, items=items).encode()


def _quoted(text: str) -> str:
    return escape(clean(text))
