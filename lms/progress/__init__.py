"""What graded responses say, with their uncertainty. Reads only."""
