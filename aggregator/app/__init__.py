"""The composition root: nothing else builds an adapter."""
