"""Tests of the design: colours, weight, and what the content policy forbids."""
