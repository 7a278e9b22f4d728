"""What mentors and directors see of fellows, and what mentors are told weekly."""
