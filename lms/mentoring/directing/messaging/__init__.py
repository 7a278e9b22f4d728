"""A message of a director to mentors of a cohort."""
