"""Newly tagged entries, sent to addresses of our own choice: what a letter is, and the sending."""
