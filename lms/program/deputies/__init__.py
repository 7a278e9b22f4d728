"""Who stands in for a mentor who is away for some days."""
