"""Advice on half-written drafts: what the rules find in them, what they lack, and how it mends."""
