"""Formats that cases are read from and written to."""
