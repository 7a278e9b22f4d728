"""Statistics of responses."""
