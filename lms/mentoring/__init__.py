"""What a mentor is told, weekly."""
