"""What directors see of the loop: who was talked with, what was asked and what came of it."""
