"""The page of a fact, and which cases rest on it."""
