"""Clinicians who read a case and answer for it."""
