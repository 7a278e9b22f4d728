"""Giving a fellow to another mentor from a day on, in one act."""
