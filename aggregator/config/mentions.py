"""Which tags, labels and feeds a query speaks of."""

from collections.abc import Iterator

from aggregator.query.nodes import Field, Node, Phrase, Value, Word, leaves, operands

Named = Word | Phrase | Value


def mentioned(node: Node, field: str) -> Iterator[Named]:
    """Yield what stands in a field, wherever the query asks for it: a and b in tag:(a OR b)."""
    if isinstance(node, Field):
        if node.name == field:
            yield from (leaf for leaf in leaves(node.operand) if isinstance(leaf, Named))
        return
    for operand in operands(node):
        yield from mentioned(operand, field)
