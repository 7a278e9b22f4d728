"""Constructed responses, marked by people with the rubric of their item."""
