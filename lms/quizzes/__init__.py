"""Quizzes: putting one together, changing what it asks, and assigning it."""
