"""Results of one assignment as files: scores by person, items without names, one's answers."""
