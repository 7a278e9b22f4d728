"""The service: rooms over the domain in `question_bank`."""
