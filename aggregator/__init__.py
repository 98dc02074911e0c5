"""Reads, tags and republishes feeds."""

__version__ = "0.1.0"
