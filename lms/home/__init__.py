"""Where people start, and where they may go from there."""
