"""The time zones that a program and its people may choose."""

from zoneinfo import available_timezones

ZONES = (
    *sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/"))
    ),
    "UTC",
)
"""Those named by region and city, by name, and UTC."""
