"""What there is to say for an answer that came after its attempt had closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class LateAnswer:
    """When an answer came too late, and what its page says of when it was given.

    `said_at` is the page's word, which anybody can forge; None: it says nothing. `heard_at` is when
    the same page last saved something in time; None: never. `key_at` is from when on its fellow
    could read the key; None: that is not settled.
    """

    started_at: datetime
    heard_at: datetime | None
    said_at: datetime | None
    received_at: datetime
    key_at: datetime | None

    @property
    def after_key(self) -> bool:
        """Whether its fellow could read the key when it came: then it never counts."""
        return self.key_at is not None and self.key_at <= self.received_at

    @property
    def given_at(self) -> datetime | None:
        """When it was given, by the page's word; None: no word, or one that cannot be true.

        Nothing was given before the attempt began, nor after it came.
        """
        if self.said_at is None or not self.started_at <= self.said_at <= self.received_at:
            return None
        return self.said_at

    @property
    def unproven(self) -> timedelta | None:
        """How long before it came it is said to be given: so far the device alone speaks for it."""
        return None if self.given_at is None else self.received_at - self.given_at
