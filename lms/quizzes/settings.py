"""What the program may set about assignments."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from lms.core.settings import ProgramSetting


@dataclass(frozen=True)
class ResultsDelay:
    """How many hours after its closing the keys of a quiz open that waits for it."""

    hours: Annotated[int, Field(ge=0, le=336)] = 24

    @property
    def span(self) -> timedelta:
        """The same as a time."""
        return timedelta(hours=self.hours)


RESULTS_DELAY = ProgramSetting("assignments.results", ResultsDelay, ResultsDelay())
"""When answers are shown after closing, unless who assigns a quiz says otherwise."""
