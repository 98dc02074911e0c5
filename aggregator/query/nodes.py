"""What a parsed query is: a plain tree of frozen values, and how it is printed.

Step by step the language grows (NEAR, EXCEPT, lists, scores …); each construct is one class
here, one production in `syntax`, one case in `match` and one in `store.sql`.
"""
