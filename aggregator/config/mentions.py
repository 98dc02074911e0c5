"""Which tags, labels and feeds a query speaks of, and which lists."""

from collections.abc import Iterator

from aggregator.query.nodes import Field, Listed, Node, Phrase, Value, Word, leaves, operands

Named = Word | Phrase | Value


def mentioned(node: Node, field: str) -> Iterator[Named]:
    """Yield what stands in a field, wherever the query asks for it: a and b in tag:(a OR b)."""
    if isinstance(node, Field):
        if node.name == field:
            yield from (leaf for leaf in leaves(node.operand) if isinstance(leaf, Named))
        return
    if isinstance(node, Listed):  # there is no field in a list, but maybe thousands of terms
        return
    for operand in operands(node):
        yield from mentioned(operand, field)


def lists_in(node: Node) -> Iterator[Listed]:
    """Yield where a query mentions a list, not what is mentioned within that list."""
    if isinstance(node, Listed):
        yield node
        return
    for operand in operands(node):
        yield from lists_in(operand)
