"""The values that walk through the rooms: frozen, typed, in UTC.

An entry changes its type at each stage::

    Document ──▶ RawFeed ──▶ Feed, Entry ──▶ TaggedEntry ──▶ Refresh

Every datetime is aware and in UTC. ``raw`` in a name means untrusted: as the publisher sent it.
"""
