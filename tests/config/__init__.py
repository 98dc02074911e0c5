"""Tests of the configuration, one module for each of its own."""
