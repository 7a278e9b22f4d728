"""Finding cases by their words and tags: the index, how it is kept, and the one query on it."""
