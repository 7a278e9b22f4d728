"""Taking a quiz: start, save, submit, expire, grade, look back."""
