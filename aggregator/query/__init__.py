"""The query language: one meaning for rules, searches and outputs."""
