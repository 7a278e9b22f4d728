"""What the program may set about short quizzes."""

from dataclasses import dataclass

from lms.core.settings import ProgramSetting


@dataclass(frozen=True)
class ShortQuizzes:
    """Whether mentors give short quizzes by themselves; else a director approves each."""

    by_mentors: bool = False


SHORT_QUIZZES = ProgramSetting("mentoring.short_quizzes", ShortQuizzes, ShortQuizzes())
"""Who decides on the short quizzes that mentors want."""
