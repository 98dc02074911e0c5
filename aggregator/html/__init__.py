"""Markup from strangers: made safe to show, and reduced to plain text.

Both walk one tree, which lxml builds in linear time; nh3 has the last word on what is shown.
"""
