"""A message to those who have not begun a quiz."""
