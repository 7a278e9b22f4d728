"""Writing cases: drafts and their editor, reviews, trying a case out."""
