"""Reads, tags and republishes feeds."""
