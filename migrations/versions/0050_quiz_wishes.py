"""short quizzes that mentors want for their fellows"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_WAITS = sa.text("state = 'waiting'")


def points_at(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=op.f(f"fk_quiz_wish_{column}_{table}")
    )


def check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_quiz_wish_{name}"))


def upgrade() -> None:
    """Make room for them."""
    op.create_table(
        "quiz_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fellow_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("approach", sa.String(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "given",
                "declined",
                "taken_back",
                name="wishstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        check("mentor_id <> fellow_id", "two_people"),
        check("items BETWEEN 5 AND 20", "items"),
        check("opens_on < due_on", "days"),
        check("(state = 'waiting') = (decided_at IS NULL)", "decided_at"),
        check("(state = 'waiting') = (decided_by IS NULL)", "decided_by"),
        check("(state = 'given') = (assignment_id IS NOT NULL)", "given"),
        check("(state = 'declined') = (reason IS NOT NULL)", "declined"),
        check("length(reason) <= 300", "reason"),
        points_at("fellow_id", "user"),
        points_at("mentor_id", "user"),
        points_at("decided_by", "user"),
        points_at("assignment_id", "assignment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_wish")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_quiz_wish_assignment_id")),
    )
    op.create_index(op.f("ix_quiz_wish_fellow_id"), "quiz_wish", ["fellow_id"])
    op.create_index(
        "ix_quiz_wish_waiting",
        "quiz_wish",
        ["fellow_id", "approach"],
        unique=True,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def downgrade() -> None:
    """Drop the table, if nothing is in it; the quizzes that were given stay in any case.

    Raises:
        RuntimeError: wishes are kept, and there is no other place for them.
    """
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM quiz_wish")):
        raise RuntimeError("mentors want short quizzes; the version before has no place for that")
    op.drop_table("quiz_wish")
