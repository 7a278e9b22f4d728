"""The editor of drafts: its form, its buttons, its preview."""
