"""What a fellow sees after an attempt, and when."""
