"""Keeping spreadsheets from running a cell of a table that they open."""

import re

GUARDED = ("=", "+", "-", "@", "\t", "\r", "\0")
"""What a spreadsheet would take for the start of a formula."""

_BEFORE = r'((?:^|[;\t\r\n])[ "]*)'
"""Where a cell begins, also for a spreadsheet that parts cells at semicolons or tabs."""

_SIGNS = f"(?=[{re.escape(''.join(GUARDED))}])"

_START = re.compile(_BEFORE + _SIGNS)

_GUARDED_START = re.compile(f"{_BEFORE}'{_SIGNS}")


def guard(cell: str) -> str:
    """Return *cell* so that no spreadsheet runs it or a part of it."""
    return _START.sub(r"\1'", cell)


def unguarded(cell: str) -> str:
    """Return a cell trimmed, without the marks that `guard` puts before formulas."""
    return _GUARDED_START.sub(r"\1", cell.strip())
