"""What a release must reach, and what is aimed at, row by row, with what we measure of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A measure, with the figure that says where we stand.

    `must` and `goal` are in `unit`, and by database or profile in `goals` where they differ.
    `more`: the value is to be as high as that, not as low.
    """

    measure: str
    figure: str
    must: float
    goal: float
    unit: str
    more: bool = False
    goals: Mapping[str, float] | None = None

    def is_met(self, value: float, wanted: float) -> bool:
        """Whether *value* is as good as *wanted*."""
        return value >= wanted if self.more else value <= wanted

    def goal_in(self, where: str) -> float:
        """Return the goal of a profile."""
        return (self.goals or {}).get(where, self.goal)


TARGETS = (
    Target(
        "server CPU for a whole attempt, 8 users, without the password hash",
        *("attempt, CPU, 8 users", 0.25, 0.12, "s"),
    ),
    Target("save one answer, CPU", "save, CPU, 1 user", 3, 1.8, "ms"),
    Target("save, p99 at 32 users", "save, 32 users, p99", 200, 90, "ms"),
    Target("view a question, server-rendered, CPU", "view, CPU, 1 user", 6, 3, "ms"),
    Target(
        "submitted, graded and visible, 1 user p50",
        *("submit to visible, 1 user, p50", 60, 15, "ms"),
    ),
    Target("review of 20, CPU", "result, CPU, 1 user", 12, 6, "ms"),
    Target("SQL statements for an attempt", "statements of an attempt, 8 users", 250, 120, ""),
    Target("rows written for an attempt", "rows written of an attempt, 8 users", 110, 86, ""),
    Target("a class of 200 handed in at once, all visible", "class of 200, visible", 5, 2, "s"),
    Target("regrade, attempts a second", "attempts regraded", 500, 4000, "1/s", more=True),
    Target("item statistics, 10,000 attempts", "item statistics", 500, 200, "ms"),
    Target("import of 500 questions, checked, CPU", "import of 500, checked", 0.6, 0.25, "s"),
    Target("1,000 mails of mentors to a sink, CPU", "1,000 digests, CPU", 5, 2.5, "s"),
    Target(
        "memory of the whole stack under load",
        *("memory, most, 32 users", 500, 420, "MiB"),
        goals={"embedded": 250},
    ),
    Target("attempts that fail at 32 users", "attempts that failed, 32 users", 0, 0, ""),
    Target("attempts that fail at 200 users", "attempts that failed, 200 users", 0, 0, ""),
    Target("pages that grow over 1.3 times, to 10,000 attempts", "pages that grow", 0, 0, ""),
)
