"""What a reviewer is asked, and how what came of it is said."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReviewQuestion:
    """One of the seven: put so that Yes is good. `hint` says what it means."""

    name: str
    text: str
    hint: str = ""


QUESTIONS = (
    ReviewQuestion("important", "Is the decision important?"),
    ReviewQuestion("defended", "Can the key be defended by the cited source?"),
    ReviewQuestion("mistakes", "Does each wrong option stand for a named mistake?"),
    ReviewQuestion("complete", "Is everything there that the decision needs?"),
    ReviewQuestion("spare", "Does every sentence serve?"),
    ReviewQuestion("level", "Is the level right?", "It cannot be answered without the story."),
    ReviewQuestion("current", "Is it current?"),
)
"""What no rule can find out, so that a person is asked (`domain.md` 2.2)."""

EXPECTED = (95, 80, 65, 50, 35)
"""Shares of fellows, in percent, that a reviewer may expect to be right with one tap."""

LONGEST_LINE = 500
"""Signs of what is missing, by a question."""

LONGEST_COMMENT = 2_000
"""Signs of a comment, and of a reason."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return "2 comments" or "1 comment"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
