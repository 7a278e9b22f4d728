"""What a case has said over time: its versions, and whether it is asked still."""
