"""What a township should look at before it confirms a month: hints, never verdicts (domain.md 1.3, 1.10).

Every hint has a plain explanation that may well be the true one; nothing is decided, counted or kept because of it.
"""
