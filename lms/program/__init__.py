"""Tracks, cohorts, who is in them, with whom as mentor; and the blueprint."""
