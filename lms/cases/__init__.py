"""The bank: cases, their immutable versions, and the items in them."""
