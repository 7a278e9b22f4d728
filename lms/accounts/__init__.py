"""The pages about people: the list, one person, one's own settings."""
