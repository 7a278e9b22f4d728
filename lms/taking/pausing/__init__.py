"""Two buttons of a fellow who is called away: stop the clock, and let it go on."""
