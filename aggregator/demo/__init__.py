"""The demo: sample feeds in two editions, and what serves them."""
