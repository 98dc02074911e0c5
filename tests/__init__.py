"""Tests of the aggregator, one module for each of its rooms."""
