"""Giving an assignment to another cohort or fellow later."""
