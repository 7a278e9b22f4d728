"""More time for a fellow, and leave: said of the person, for the fellow and directors to see."""
