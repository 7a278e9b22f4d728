"""Tasks; each is safe to run twice."""
