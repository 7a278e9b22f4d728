"""Drafts as they are kept: begun, saved by several, brought back."""
