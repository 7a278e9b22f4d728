"""A director stops the clock of a fellow's attempt, and lets it go on."""
