"""Talks of mentors with their fellows: what was talked about, and what was agreed."""
