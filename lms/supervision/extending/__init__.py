"""Giving one fellow, or all whom an assignment concerns, more time, other dates or attempts."""
