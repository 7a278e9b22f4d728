"""What a quiz asks, by hand: which cases and items, and in which order."""
