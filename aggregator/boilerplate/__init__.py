"""Blocks of a text that are not about its subject: told by markers, or by being repeated."""
