"""The rows of the polling rules (docs/polling.md), each through whole polls.

A test's name begins with the number of its row; a file holds one section of the rules.
"""
