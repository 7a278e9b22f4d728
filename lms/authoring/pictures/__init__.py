"""Pictures in drafts: bringing one in, and saying where it comes from."""
