"""What the YAML library says of a mistake → one sentence in our words, with what to do."""

from itertools import chain

import yaml

from aggregator.config.source import Source
from aggregator.errors import Problem

QUOTE_IT = (
    "If it is text, put it in single quotes; if it is a query, in a block: `query: |`"
    " with the query indented on the next lines."
)
"""What to do where a text begins with a character that YAML takes for its own."""

_SAYINGS: tuple[tuple[str, str], ...] = (
    ("tab character", "A tab is used to indent: YAML wants spaces."),
    ("cannot start any token", "A value cannot begin with this character."),
    (
        "mapping values are not allowed",
        "A `key: value` does not fit here: look at the indentation,"
        " and put a text that contains `: ` in quotes.",
    ),
    ("did not find expected ',' or ']'", "A list that begins with `[` is not closed by `]`."),
    ("did not find expected ',' or '}'", "A mapping that begins with `{` is not closed by `}`."),
    (
        "did not find expected '-' indicator",
        "A list goes on here without `- `: look at the indentation.",
    ),
    ("did not find expected key", "A key is expected here: look at the indentation."),
    (
        "could not find expected ':'",
        "A key without `:` stands here, or the line is indented too little.",
    ),
    (
        "unknown escape character",
        "In double quotes `\\` begins an escape that YAML knows:"
        " use single quotes to write it as it is.",
    ),
    ("unexpected end of stream", "A quoted text is not closed."),
    ("document indicator", "A quoted text is not closed."),
    (
        "expected <document start>",
        "This line stands further left than the first one: look at the indentation.",
    ),
    ("expected node content", "A value is expected here."),
    ("expected comment or line break", "After `|` or `>` the text begins on the next line."),
    (
        "expected alphabetic or numeric",
        "A value that begins with `*` or `&` is a YAML alias or anchor.",
    ),
)
"""What libyaml says (a part of it) and what we say; anything else is passed on in its words.

libyaml tells its mistakes apart by their text alone: one class stands for all of them.
"""

_SPECIAL = "\"'*&!%[]{}@`"


def translate(source: Source, error: yaml.YAMLError) -> Problem:
    """Return the problem that an error of the library tells of."""
    if isinstance(error, yaml.MarkedYAMLError):
        return _marked(source, error)
    if isinstance(error, yaml.reader.ReaderError):
        character = error.character
        code = character if isinstance(character, int) else ord(str(character)[:1])
        at = source.text.find(chr(code))
        return source.problem(
            max(0, at), f"The character U+{code:04X} is not allowed in YAML: take it out."
        )
    return source.problem(0, f"The file cannot be read as YAML: {error}.")


def _marked(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    # What is not closed is told where it was opened: the end of the file helps nobody.
    context = error.context or ""
    unclosed = any(part in context for part in ("quoted scalar", "flow", "simple key"))
    if unclosed and error.context_mark is not None and "escape" not in (error.problem or ""):
        mark = error.context_mark
    at = int(mark.index) if mark is not None else 0
    said = error.problem or "the YAML is broken"
    if source.text.startswith("\t", at):
        said = "tab character"
    told = next((ours for theirs, ours in _SAYINGS if theirs in said), f"YAML: {said}.")
    hint = _special_value(source, at)
    return source.pointed(at, at + 1, f"{told} {hint}".rstrip())


def _special_value(source: Source, offset: int) -> str:
    """Return a hint if the value on this line, or the one above, begins in a special way."""
    line_end = source.text.find("\n", offset)
    lines = source.text[: None if line_end < 0 else line_end].splitlines()
    for line in chain(lines[-1:], lines[-2:-1]):
        _, colon, value = line.partition(": ")
        value = value.lstrip() if colon else line.strip().removeprefix("- ").lstrip()
        if value[:1] and value[0] in _SPECIAL:
            return f"A value that begins with `{value[0]}` is special in YAML. {QUOTE_IT}"
    return ""
