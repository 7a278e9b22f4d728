"""The weekly mail to a mentor: what it says, when it is due, and writing it."""
