"""Quizzes: putting one together, and assigning it."""
