"""What a digest asks of its mentor: a word with a fellow, and what came of that."""
