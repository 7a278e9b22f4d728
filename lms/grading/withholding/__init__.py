"""Withholding items, and lifting that: the act with all that follows from it."""
