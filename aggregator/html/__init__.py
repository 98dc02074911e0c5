"""Markup from strangers: made safe to show, and reduced to plain text.

``sanitising`` and ``layout`` walk one ``tree``, which lxml builds in linear time and from which
``seen`` has taken what nobody sees; nh3 has the last word on what is shown.
"""
