"""Finding cases: words as they are compared, the places where they stand, and what narrows."""
