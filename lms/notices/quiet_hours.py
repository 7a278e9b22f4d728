"""When mails that are not urgent wait: the hours of a day in which nobody wants them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from lms.core.clock import at, local
from lms.core.settings import ProgramSetting


@dataclass(frozen=True)
class QuietHours:
    """From `begins` up to before `ends`, on the clocks of the reader; None: there are none.

    They may go over midnight. Both are set or neither, and they differ.
    """

    begins: time | None = None
    ends: time | None = None

    def __post_init__(self) -> None:
        """Refuse half of them.

        Raises:
            ValueError: one is set and not the other, or they are the same.
        """
        if (self.begins is None) != (self.ends is None):
            raise ValueError("quiet hours have a beginning and an end")
        if self.begins is not None and self.begins == self.ends:
            raise ValueError("quiet hours end at another time than they begin")

    def over_at(self, moment: datetime, zone: str) -> datetime | None:
        """Return when the quiet hours end in which *moment* lies in *zone*; None: in none."""
        if self.begins is None or self.ends is None:
            return None
        there = local(moment, zone)
        clock = there.time()
        if self.begins < self.ends:
            quiet, later = self.begins <= clock < self.ends, False
        else:
            quiet, later = clock >= self.begins or clock < self.ends, clock >= self.begins
        return at(there.date() + timedelta(days=later), self.ends, zone) if quiet else None


QUIET_HOURS = ProgramSetting("mail.quiet_hours", QuietHours, QuietHours())
"""In which hours mails that people can stop are not sent."""
