"""Advice on drafts: what the rules find while a case is written, and how it mends."""
