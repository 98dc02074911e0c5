"""Tests of the parts of deciding when to poll."""
