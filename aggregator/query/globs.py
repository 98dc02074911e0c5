"""Words with ``*`` (any letters, or none) and ``?`` (any one letter), held against folded words."""

from dataclasses import dataclass
from functools import lru_cache

from aggregator.query.regex import Expression, compile_regex, escaped


@dataclass(frozen=True, slots=True)
class Glob:
    """What one word may look like: ``forms`` are folded, with ``*`` and ``?`` among the letters."""

    forms: tuple[str, ...]

    def fits(self, word: str) -> bool:
        """Tell whether a folded word has one of the forms, in time linear in its length."""
        return word.startswith(self.beginnings) and (
            self.is_beginning or any(_expression(form).fits(word) for form in self.forms)
        )

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The letters before the first wildcard of each form; "" where it begins with one."""
        return tuple(_beginning(form) for form in self.forms)

    @property
    def is_beginning(self) -> bool:
        """Whether whatever has one of the beginnings fits."""
        return all(form == f"{_beginning(form)}*" for form in self.forms)


@lru_cache(maxsize=4_096)
def _beginning(form: str) -> str:
    return form.partition("*")[0].partition("?")[0]


# Any letter: with its marks (Hindi vowels), a Korean one of all its parts.
_LETTER = r"(?:.\pM*|[\x{1100}-\x{115f}][\x{1160}-\x{11a7}][\x{11a8}-\x{11ff}]?)"
_PARTS = {"*": ".*", "?": _LETTER}


@lru_cache(maxsize=1_024)
def _expression(form: str) -> Expression:
    return compile_regex("".join(_PARTS.get(each) or escaped(each) for each in form))
