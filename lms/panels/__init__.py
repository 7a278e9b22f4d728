"""Panels: experts without an account answer what needs a panel, each for himself."""
