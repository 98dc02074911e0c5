"""The headers of a message as they travel: lines, several of which may bear one name."""

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in any case and values, in the order of the message."""


def values(headers: Headers, name: bytes) -> tuple[bytes, ...]:
    """Return the values of all lines of one header; ``name`` in lower case."""
    return tuple(value for key, value in headers if key.lower() == name)
