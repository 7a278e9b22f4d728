"""Tracks, cohorts, and who is in them, with whom as mentor."""
