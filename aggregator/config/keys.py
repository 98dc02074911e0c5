"""Every key that a configuration may have, and what is said of one that it may not have."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one kind of mapping.

    ``later`` are planned, and refused until they work; ``never`` are expected and refused for
    good, each with a sentence that says why.
    """

    of: str
    accepted: tuple[str, ...]
    later: tuple[str, ...] = ()
    never: tuple[tuple[str, str], ...] = ()


TOP = Keys(
    "feeds.yaml",
    ("database", "poll", "feeds", "include", "terms", "tags", "outputs", "publish", "serve"),
    ("retention",),
)
INCLUDED = Keys("an included file", ("terms", "tags"))
POLL = Keys(
    "`poll`",
    ("contact", "max", "floor", "budget", "host_gap", "workers", "allow_addresses", "ca_bundle"),
    never=(
        (
            "proxy",
            "`proxy` is not supported: a proxy looks names up by itself, and nobody could tell"
            " which of them lead into your own network.",
        ),
    ),
)
FEED = Keys("a feed", ("url", "name", "labels", "interval", "weight", "paused", "insecure"))
TAG = Keys(
    "a tag",
    (
        *("title", "description", "code", "query", "any", "all", "none", "score", "threshold"),
        *("feeds", "implies", "examples"),
    ),
)
CLAUSE = Keys("a clause of `score`", ("when", "weight", "per_hit", "max"))
SCOPE = Keys("a tag's `feeds`", ("label", "language", "feed"))
EXAMPLES = Keys("`examples`", ("match", "no_match"))
EXAMPLE = Keys("an example", ("title", "summary", "content", "lang", "url", "category"))
OUTPUT = Keys(
    "an output",
    (
        *("name", "path", "query", "title", "url", "format", "limit", "evidence", "hub"),
        *("archive", "tombstones", "webhooks", "public"),
    ),
)
WEBHOOK = Keys("a webhook", ("url", "secret", "secret_env"))

SERVE = Keys(
    "`serve`", ("url", "host", "port", "hosts", "password", "password_env", "proxy_images")
)

PUBLISH = Keys("`publish`", ("title", "gzip", "index", "subscriptions", "outputs"))

EVERY = (
    *(
        TOP,
        INCLUDED,
        POLL,
        FEED,
        TAG,
        CLAUSE,
        SCOPE,
        EXAMPLES,
        EXAMPLE,
        OUTPUT,
        WEBHOOK,
        PUBLISH,
        SERVE,
    ),
)

_BELONGS = (TOP, POLL, FEED, TAG, CLAUSE, OUTPUT, WEBHOOK, PUBLISH, SERVE)


def unknown_key(key: str, keys: Keys) -> str:
    """Return the sentence on a key that ``keys`` does not accept."""
    if key in dict(keys.never):
        return dict(keys.never)[key]
    if key in keys.later:
        return f"`{key}` is not supported in this version."
    told = f"`{key}` is not a key of {keys.of}"
    if meant := closest(key, keys.accepted):
        return f"{told}: did you mean `{meant}`?"
    if homes := [home.of for home in _BELONGS if key in home.accepted]:
        return f"{told}; it belongs to {' or '.join(homes)}."
    return f"{told}, which has: {', '.join(keys.accepted)}."


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, if there is one."""
    by_folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None
