"""Tests of what users ask for by name."""
