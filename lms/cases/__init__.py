"""The store of cases: their immutable versions, and the items in them. No pages."""
