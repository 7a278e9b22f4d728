"""The bank as its readers see it: what it has, one case, its drawings."""
