"""Reminding mentors of what a digest asked, and telling directors where nobody looks."""
