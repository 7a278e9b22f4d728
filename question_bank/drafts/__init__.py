"""Cases while they are written: bodies that may lack anything, their changes, and how they join.

The body of a draft is a JSON object shaped like the canonical JSON of a case, in stages always.
What is typed stands in it as it was typed; each row of a list has a handle, which it keeps.
"""
