"""What waits for one person in the bank, and telling people of what is due."""
