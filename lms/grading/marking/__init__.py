"""Answers that people mark with the rubric of their item."""
