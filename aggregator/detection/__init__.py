"""Which language a text is in: what its publisher declares, held against its letters and words."""
