"""The page of a quiz: making one, drawing its items, taking it from the list."""
