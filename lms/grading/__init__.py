"""Grading what was handed in; `marking` is what people grade."""
