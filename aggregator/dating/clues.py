"""What is known beside a date that may tell which of its readings is meant."""

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.model.raw import Order
from aggregator.urls import host

_NOT_A_COUNTRY = frozenset({"ai", "co", "cc", "eu", "fm", "io", "ly", "me", "su", "to", "tv", "ws"})
"""Domains of two letters that everybody takes."""

_COUNTRIES = {"uk": "gb"}
_HOME = {
    "bn": "bd", "fil": "ph", "ga": "ie", "he": "il", "hi": "in", "hy": "am", "mr": "in",
    "ms": "my", "ta": "in", "te": "in", "tl": "ph", "zh": "cn",
}  # fmt: skip
"""Countries of languages whose zone names others use otherwise."""

_MONTH_FIRST = frozenset({"us", "ph", "pr", "fm", "pw", "gu"})


@dataclass(frozen=True, slots=True)
class Clues:
    """``order`` is what other dates of the document prove, ``language`` a tag of two letters or
    more without its region, ``country`` an ISO 3166 code in small letters."""

    order: Order | None = None
    language: str | None = None
    country: str | None = None

    @property
    def habit(self) -> Order | None:
        """Which number comes first where these clues are from, as far as that is known."""
        if self.country is not None:
            return "month" if self.country in _MONTH_FIRST else "day"
        return "day" if self.language not in {None, "en"} else None


NO_CLUES = Clues()


def clues(
    language: str | None, addresses: Iterable[str | None], order: Order | None = None
) -> Clues:
    """Return what a language tag (BCP 47) and the addresses of feed and site tell.

    The tag's region counts before the domain's country, and that before the language's home.
    """
    tongue, *subtags = (language or "").lower().replace("_", "-").split("-")
    region = next((tag for tag in subtags if len(tag) == 2 and tag.isalpha()), None)
    domains = ((host(address or "") or "").rpartition(".")[2] for address in addresses)
    national = (domain for domain in domains if len(domain) == 2 and domain not in _NOT_A_COUNTRY)
    country = region or next(national, None) or _HOME.get(tongue)
    return Clues(order, tongue or None, _COUNTRIES.get(country, country) if country else None)
