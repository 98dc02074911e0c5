"""Regular expressions in linear time: RE2, of which nothing is known elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import re2

MAX_MEMORY_BYTES = 1 << 20
"""What one expression may take, compiled; a hostile one is refused instead."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression."""

    compiled: "re2._Regexp"

    def fits(self, text: str) -> bool:
        """Tell whether it describes the whole text."""
        return self.compiled.fullmatch(text) is not None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it matches, one behind the other, never over no character."""
        for found in self.compiled.finditer(text):
            start, end = found.span()
            if start < end:
                yield start, end


@lru_cache(maxsize=1_024)
def compile_regex(text: str) -> Expression:
    """Compile an expression that ignores case. Raises ValueError, whose sentence says why not."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MAX_MEMORY_BYTES
    try:
        return Expression(re2.compile(text, options))
    except re2.error as error:
        told = error.args[0]
        raise ValueError(
            told.decode("utf-8", "replace") if isinstance(told, bytes) else told
        ) from None


def escaped(character: str) -> str:
    """Return what stands for one character of a text."""
    return re.escape(character)
