"""Finding cases and items for a quiz, with what they ask, without leaving the search."""
