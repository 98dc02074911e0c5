"""Which entry an entry is: the key that a publisher's words give it, and the id that is ours.

::

    guid:…    the publisher's id, whatever it looks like
    link:…    without a guid, the canonical link
    title:…   without either, title and date as given
    text:…    without a title, the text; without a text, the date

The kinds never collide, and a key is never longer than about 300 characters: longer values are
replaced by their hash (``guid#…``).
"""

from base64 import b32encode
from hashlib import sha256

from aggregator.urls import fragment

_LONGEST = 300
_SEPARATOR = "\n"
"""Between the parts of a key, each of which is one line."""


def identity_key(
    guid: str | None, canonical_link: str | None, title: str, date_raw: str, text: str
) -> str:
    """Return what names this entry within its feed, by the first of these that it carries."""
    if guid:
        return _key("guid", guid)
    if canonical_link:
        return _key("link", canonical_link)
    if title or (date_raw and not text):
        return _key("title", title + _SEPARATOR + date_raw)
    return _key("text", text)


def page(link: str, canonical_link: str) -> str:
    """Return what a link names: a page, or the part of one (``changes#v2``)."""
    part = fragment(link)
    return f"{canonical_link}#{part}" if part else canonical_link


def place(link: str, canonical_link: str) -> str:
    """Return what tells entries with one guid apart."""
    return f"{canonical_link}#{fragment(link)}"


def renamed(
    identity: str, *, guid: str | None, title: str, link: str, before: str, after: str
) -> str:
    """Return an identity in which the canonical form of ``link`` was ``before``, now ``after``."""
    if guid:
        shared = _key("guid", guid)
        known = {told_apart(shared, place(link, before)): told_apart(shared, place(link, after))}
    else:
        old, new = _key("link", page(link, before)), _key("link", page(link, after))
        known = {old: new, told_apart(old, title): told_apart(new, title)}
    return known.get(identity, identity)


def told_apart(identity: str, difference: str) -> str:
    """Return the key of one of several entries of a document that share ``identity``."""
    kind = identity.partition(":")[0].partition("#")[0]
    return _key(kind, identity + _SEPARATOR + difference) if difference else identity


def entry_id(feed_key: str, identity: str, generation: int = 0) -> str:
    """Return our id: 16 base32 characters of sha256 over feed, identity and generation."""
    return _id(feed_key, identity, *([str(generation)] if generation else []))


def feed_id(key: str) -> str:
    """Return what a feed is called in addresses, which name no password: like an entry's id."""
    return _id(key)


def _id(*named: str) -> str:
    digest = sha256("\0".join(named).encode("utf-8", "surrogatepass")).digest()
    return b32encode(digest)[:16].decode("ascii").lower()


def _key(kind: str, value: str) -> str:
    if len(value) <= _LONGEST:
        return f"{kind}:{value}"
    return f"{kind}#{sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
