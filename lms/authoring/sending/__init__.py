"""Sending a draft to review, and answering what reviewers say of it."""
