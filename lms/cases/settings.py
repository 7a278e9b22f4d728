"""What the program may set about the cases that reach fellows."""

from dataclasses import dataclass

from lms.core.settings import ProgramSetting


@dataclass(frozen=True)
class CaseUse:
    """Whether a case may be drawn that no clinician signed, or whose review is overdue.

    Where it may, it is shown as such. What is assigned or running stays.
    """

    unsigned: bool = True
    overdue: bool = True


CASE_USE = ProgramSetting("cases.use", CaseUse, CaseUse())
"""Which cases may be drawn and assigned."""


@dataclass(frozen=True)
class Publishing:
    """Whether who wrote a case may publish it without a second person. The case then says so."""

    alone: bool = False


PUBLISHING = ProgramSetting("cases.publishing", Publishing, Publishing())
"""Who may publish."""
