"""What people want to be told by mail, and stopping what they do not."""
