"""What the program may set about reports."""

from lms.core.settings import ProgramSetting
from question_bank.verdict import VerdictPolicy

VERDICT = ProgramSetting("verdict", VerdictPolicy, VerdictPolicy())
"""The line that shares are held against, and the thresholds."""
