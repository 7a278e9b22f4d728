"""Days as people write them."""

import re
from datetime import date

_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)


def parse_day(text: str) -> date | None:
    """Return the day of this century that *text* means: 2026-07-01, or 7/1/2026, month first."""
    iso, american = _ISO_DATE.fullmatch(text), _US_DATE.fullmatch(text)
    if iso:
        year, month, day = map(int, iso.groups())
    elif american:
        month, day, year = map(int, american.groups())
    else:
        return None
    try:
        return date(year, month, day) if 2000 <= year <= 2100 else None
    except ValueError:
        return None
