"""Who was asked what, first when, and since when the key can be read."""
