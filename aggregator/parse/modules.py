"""Elements of modules, beside those of the format itself that say the same.

::

    title         dc:title, dcterms:title; itunes:title and media:title are asides
    description   itunes:summary, googleplay:description, media:description, itunes:subtitle,
                  dc:description, dcterms:description, dcterms:abstract
    author        dc:creator, dcterms:creator, googleplay:author; for a feed that names none,
                  itunes:owner, then webMaster

feedparser keeps whichever comes last, or takes a second description for the content.
"""

from collections.abc import Callable
from typing import Any

INSTEAD_OF_TITLE = ("dc_title", "dcterms_title")
INSTEAD_OF_DESCRIPTION = (
    *("itunes_summary", "googleplay_description", "media_description", "itunes_subtitle"),
    *("dc_description", "dcterms_description", "dcterms_abstract"),
)
_Attributes = dict[str, Any]


class _Parser:
    """What of feedparser's parsers is used here."""

    infeed: int
    inentry: int
    push: Callable[[str, int], None]
    pop: Callable[[str], str | None]
    push_content: Callable[[str, _Attributes, str, int], None]
    pop_content: Callable[[str], str | None]
    _get_context: Callable[[], Any]
    _start_author: Callable[[_Attributes], None]
    _end_author: Callable[[], None]
    _start_category: Callable[[_Attributes], None]
    _end_category: Callable[[], None]
    _start_rights: Callable[[_Attributes], None]
    _end_rights: Callable[[], None]
    _start_language: Callable[[_Attributes], None]
    _end_language: Callable[[], None]
    _start_dc_contributor: Callable[[_Attributes], None]
    _end_dc_contributor: Callable[[], None]
    _start_itunes_category: Callable[[_Attributes], None]


def _starting(name: str, kind: str = "text/plain") -> Callable[[_Parser, _Attributes], None]:
    def start(self: _Parser, attributes: _Attributes) -> None:
        self.push_content(name, attributes, kind, 1)

    return start


def _keeping(name: str) -> Callable[[_Parser, _Attributes], None]:
    """Return a handler for an element whose text counts, whatever attributes it has."""

    def start(self: _Parser, _: _Attributes) -> None:
        self.push(name, 1)

    return start


def _ending(name: str) -> Callable[[_Parser], None]:
    def end(self: _Parser) -> None:
        self.pop_content(name)

    return end


class ModuleHandlers(_Parser):
    """For feedparser's parsers: keeps what modules say under its own name, or with its like."""

    _start_icon = _keeping("icon")
    _start_logo = _keeping("logo")
    _start_comments = _keeping("comments")
    _start_ttl = _keeping("ttl")
    _start_slash_comments = _keeping("slash_comments")
    _start_thr_total = _keeping("thr_total")
    _start_wfw_commentrss = _keeping("wfw_commentrss")
    _start_feedburner_origlink = _keeping("feedburner_origlink")
    _start_feedburner_origenclosurelink = _keeping("feedburner_origenclosurelink")
    _start_sy_updateperiod = _keeping("sy_updateperiod")
    _start_sy_updatefrequency = _keeping("sy_updatefrequency")
    _start_dc_identifier = _keeping("dc_identifier")
    _start_dcterms_identifier = _keeping("dcterms_identifier")
    _start_dc_title = _starting("dc_title")
    _end_dc_title = _ending("dc_title")
    _start_dcterms_title = _starting("dcterms_title")
    _end_dcterms_title = _ending("dcterms_title")
    _start_media_title = _starting("media_title")
    _end_media_title = _ending("media_title")
    _start_itunes_summary = _starting("itunes_summary")
    _end_itunes_summary = _ending("itunes_summary")
    _start_itunes_subtitle = _starting("itunes_subtitle")
    _end_itunes_subtitle = _ending("itunes_subtitle")
    _start_googleplay_description = _starting("googleplay_description")
    _end_googleplay_description = _ending("googleplay_description")
    _start_media_description = _starting("media_description")
    _end_media_description = _ending("media_description")
    _start_dc_description = _starting("dc_description", "text/html")
    _end_dc_description = _ending("dc_description")
    _start_dcterms_description = _starting("dcterms_description", "text/html")
    _end_dcterms_description = _ending("dcterms_description")
    _start_dcterms_abstract = _starting("dcterms_abstract", "text/html")
    _end_dcterms_abstract = _ending("dcterms_abstract")

    def _start_dcterms_creator(self, attributes: _Attributes) -> None:
        self._start_author(attributes)

    def _end_dcterms_creator(self) -> None:
        self._end_author()

    _start_googleplay_author = _start_dcterms_creator
    _end_googleplay_author = _end_dcterms_creator

    def _start_dcterms_subject(self, attributes: _Attributes) -> None:
        self._start_category(attributes)

    def _end_dcterms_subject(self) -> None:
        self._end_category()

    def _start_googleplay_category(self, attributes: _Attributes) -> None:
        self._start_itunes_category(attributes)

    _end_googleplay_category = _end_dcterms_subject

    def _start_googleplay_image(self, attributes: _Attributes) -> None:
        if address := attributes.get("href"):
            self._get_context().setdefault("image", {"href": address})

    def _start_dcterms_contributor(self, attributes: _Attributes) -> None:
        self._start_dc_contributor(attributes)

    def _end_dcterms_contributor(self) -> None:
        self._end_dc_contributor()

    def _start_dcterms_rights(self, attributes: _Attributes) -> None:
        self._start_rights(attributes)

    def _end_dcterms_rights(self) -> None:
        self._end_rights()

    def _start_dcterms_language(self, attributes: _Attributes) -> None:
        self._start_language(attributes)

    def _end_dcterms_language(self) -> None:
        self._end_language()

    def _start_dcterms_license(self, attributes: _Attributes) -> None:
        if resource := attributes.get("rdf:resource"):
            self._licensed(resource)
        self.push("dcterms_license", 0)

    def _end_dcterms_license(self) -> None:
        if written := self.pop("dcterms_license"):
            self._licensed(written)

    def _licensed(self, address: str) -> None:
        self._get_context().setdefault("links", []).append({"rel": "license", "href": address})

    _start_dc_publisher = _keeping("dc_publisher")  # who wrote nothing, unlike feedparser's

    def _end_dc_publisher(self) -> None:
        self.pop("dc_publisher")

    def _save_author(self, key: str, value: str, prefix: str = "author") -> None:
        """Take what an author is called; feedparser gives an owner's name to the last author."""
        if prefix == "publisher":
            self._get_context().setdefault("owner", {})[key] = value
        else:
            super()._save_author(key, value, prefix)  # type: ignore[misc]  # feedparser's

    def _start_image(self, attributes: _Attributes) -> None:
        """Take the picture of a feed: in RDF it stands beside the channel."""
        super()._start_image(attributes)  # type: ignore[misc]  # feedparser's
        if not self.inentry:
            self.infeed = 1
            if resource := attributes.get("rdf:resource"):
                self._get_context().setdefault("href", resource)
