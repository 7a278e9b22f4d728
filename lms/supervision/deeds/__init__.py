"""What was done with one assignment, as its page tells it."""
