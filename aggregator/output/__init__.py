"""From tagged entries to the bytes that others read."""
