"""Tests of what is compared of addresses."""
