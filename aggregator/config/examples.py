"""The ``examples:`` of a tag → invented entries, each with the line where it stands."""

from aggregator.config.keys import EXAMPLE, EXAMPLES
from aggregator.config.reading import Problems, Section, items, read_text, section
from aggregator.config.tree import Mapping, Value
from aggregator.tagging import Example


def read_examples(
    keys: Section, problems: Problems
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """Return what a tag must match, and what it must not."""
    value = keys.get("examples")
    examples = None if value is None else section(value, EXAMPLES, problems)
    if examples is None:
        return (), ()
    match, no_match = (
        tuple(
            example
            for item in items(value, f"`{key}`", problems)
            if (example := _example(item, problems)) is not None
        )
        if (value := examples.get(key))
        else ()
        for key in ("match", "no_match")
    )
    return match, no_match


def _example(item: Value, problems: Problems) -> Example | None:
    path, line = item.source.path, item.source.line(item.start)
    if not isinstance(item, Mapping):
        title = read_text(item, "an example", problems)
        return None if title is None else Example(path, line, title)
    keys = section(item, EXAMPLE, problems)
    if keys is None:
        return None
    return Example(
        path,
        line,
        title=keys.prose("title"),
        summary=keys.block("summary"),
        content=keys.block("content"),
        language=keys.text("lang"),
        url=keys.text("url"),
        categories=keys.text_or_texts("category"),
    )
