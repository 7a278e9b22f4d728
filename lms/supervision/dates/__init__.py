"""Changing when an assignment is open, and by which rules: first who is affected, then the act."""
