"""Giving a quiz to an audience, and what single fellows are granted beyond that."""
