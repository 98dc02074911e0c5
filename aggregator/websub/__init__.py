"""WebSub (W3C Recommendation, 23 January 2018), what a subscriber decides, pure."""
