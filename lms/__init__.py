"""The service: features over the domain in `question_bank`."""
