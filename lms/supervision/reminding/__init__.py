"""Telling people in time what a quiz that is given asks of them: found anew by each sweep."""
