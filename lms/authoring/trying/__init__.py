"""Trying out a case, a draft or a quiz: answered as a fellow would, and stored nowhere."""
