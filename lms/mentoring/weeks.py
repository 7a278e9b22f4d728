"""ISO weeks as numbers, because tasks carry nothing but numbers."""


def number_of(week: str) -> int:
    """Return 202647 for "2026-W47"."""
    year, number = week.split("-W")
    return int(year) * 100 + int(number)


def week_from(number: int) -> str:
    """Return "2026-W47" for 202647."""
    year, week = divmod(number, 100)
    return f"{year}-W{week:02}"
