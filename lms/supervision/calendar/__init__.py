"""What is due, for fellows' own calendars: a file a quiz, and an address that can be subscribed."""
