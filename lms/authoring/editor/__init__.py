"""The page on which a draft is written: its form, its buttons, and how it looks to a fellow."""
