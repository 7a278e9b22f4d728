"""One assignment, for those who assigned it."""
