"""A time that somebody types as the clocks of a zone show it: once, never or twice a year."""

from collections.abc import Sequence
from datetime import datetime

from wtforms import DateTimeLocalField
from wtforms.validators import StopValidation

from lms.core.clock import readings, say_hour, zone_letters


def in_sight(moment: datetime | None) -> bool:
    """Whether there is such a moment, and its year is one that somebody may mean."""
    return moment is not None and 2000 <= moment.year <= 2100


class LocalTimeField(DateTimeLocalField):  # type: ignore[misc]
    """A time in `zone`, which the form names before it is validated.

    A time that clocks skip is refused. One that they show twice is asked back: a second control of
    the same name says which, by the letters of the zone then (EDT, EST).
    """

    zone = "UTC"
    chosen = ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the time, and which of two it is, if that was asked."""
        super().process_formdata(valuelist[:1])
        self.chosen = "".join(valuelist[1:2])

    def pre_validate(self, form: object) -> None:
        """Refuse a time that never comes, and ask which of two is meant."""
        if not in_sight(self.data) or len(self._meant) == 1:
            return
        hour, day = f"{self.data:%I:%M %p}".lstrip("0"), f"{self.data:%a %b} {self.data.day}"
        if self.letters:
            raise StopValidation(
                f"{hour} comes twice on {day}. Say which: "
                f"{self.letters[0]}, the earlier, or {self.letters[1]}."
            )
        before, after = (say_hour(moment, self.zone, letters=True) for moment in self._around)
        raise StopValidation(
            f"There is no {hour} on {day}: clocks skip it. Write {before} or {after}."
        )

    @property
    def letters(self) -> tuple[str, ...]:
        """How the zone is called at each of the two moments; empty: the time comes once."""
        moments = readings(self.data, self.zone) if in_sight(self.data) else ()
        if len(moments) < 2:
            return ()
        return tuple(zone_letters(moment, self.zone) for moment in moments)

    @property
    def settled(self) -> bool:
        """Whether it is known which moment is meant."""
        return in_sight(self.data) and len(self._meant) == 1

    @property
    def moment(self) -> datetime:
        """The moment that is meant, in UTC, once that is settled."""
        (moment,) = self._meant
        return moment

    @property
    def _meant(self) -> tuple[datetime, ...]:
        moments = readings(self.data, self.zone)
        if len(moments) < 2:
            return moments
        return tuple(each for each in moments if zone_letters(each, self.zone) == self.chosen)

    @property
    def _around(self) -> tuple[datetime, datetime]:
        """What a time that is skipped would be before clocks are changed, and after."""
        early, late = sorted(readings(self.data, self.zone, skipped=True))
        return early, late
