"""what becomes of attempts whose time ends before they are handed in: some are abandoned"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

CANNOT_GO_BACK = {
    "an abandoned attempt": "SELECT 1 FROM attempt WHERE state = 'abandoned'",
    "a quiz that does not hand in what is saved": (
        "SELECT 1 FROM assignment WHERE unfinished <> 'hand_in'"
    ),
}
"""What the schema before has no place for, and how it is found."""

COLUMNS = {
    "unfinished": (
        "VARCHAR(32) DEFAULT 'hand_in' NOT NULL",
        "unfinished IN ('hand_in', 'grace', 'abandon')",
    ),
    "grace_minutes": ("INTEGER DEFAULT 60 NOT NULL", "grace_minutes BETWEEN 5 AND 1440"),
}

BEFORE = {
    "ck_attempt_attemptstate": "state IN ('in_progress', 'submitted', 'graded')",
    "ck_attempt_submitted": "(state = 'in_progress') = (submitted_at IS NULL)",
}

AFTER = {
    "ck_attempt_attemptstate": "state IN ('in_progress', 'submitted', 'graded', 'abandoned')",
    "ck_attempt_submitted": "(state IN ('in_progress', 'abandoned')) = (submitted_at IS NULL)",
    "ck_attempt_abandoned": "state <> 'abandoned' OR deadline_at IS NOT NULL",
}


def count(name: str) -> sa.Column[int]:
    """A column with its rule beside it: one that stood apart would keep it from being dropped."""
    rule = sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_attempt_{name}"))
    return sa.Column(name, sa.Integer(), rule, server_default="0", nullable=False)


def replace_rules(old: dict[str, str], new: dict[str, str]) -> None:
    """Replace rules of attempts; SQLite builds the table anew for that."""
    counts = ("scored", "waiting")
    beside = [count(name) for name in counts]
    with op.batch_alter_table("attempt", reflect_args=beside) as table:
        if op.get_bind().dialect.name == "sqlite":  # these stand beside their columns already
            for name in counts:
                table.drop_constraint(op.f(f"ck_attempt_{name}"), type_="check")
        for name in old:
            table.drop_constraint(op.f(name), type_="check")
        for name, rule in new.items():
            table.create_check_constraint(op.f(name), rule)


def upgrade() -> None:
    """Keep for what was assigned before what it promised: what is saved is handed in."""
    for name, (kind, rule) in COLUMNS.items():
        check = f"CONSTRAINT ck_assignment_{name} CHECK ({rule})"
        op.execute(f"ALTER TABLE assignment ADD COLUMN {name} {kind} {check}")
    replace_rules(BEFORE, AFTER)


def downgrade() -> None:
    for what, found in CANNOT_GO_BACK.items():
        if op.get_bind().execute(sa.text(found)).first() is not None:
            raise RuntimeError(
                f"There is {what}, for which the schema before has no place. "
                "Nothing was changed; go back to a copy of the database of that time instead."
            )
    replace_rules(AFTER, BEFORE)
    for name in COLUMNS:
        op.execute(f"ALTER TABLE assignment DROP COLUMN {name}")
