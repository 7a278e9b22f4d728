"""what weekly mails ask of their mentors"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def points_at(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=op.f(f"fk_prompt_{column}_{table}")
    )


def upgrade() -> None:
    """Make room for them. Mails of before asked nothing that could be answered."""
    op.create_table(
        "prompt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("fellow_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "talked",
                "goal",
                "not_needed",
                name="promptanswer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_prompt_answered")
        ),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (answer IS NOT NULL AND answer = 'not_needed')",
            name=op.f("ck_prompt_reason"),
        ),
        sa.CheckConstraint("length(reason) <= 300", name=op.f("ck_prompt_reason_length")),
        points_at("mentor_id", "user"),
        points_at("fellow_id", "user"),
        points_at("meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
        sa.UniqueConstraint(
            "mentor_id", "fellow_id", "week", name=op.f("uq_prompt_mentor_id_fellow_id_week")
        ),
    )
    op.create_index(op.f("ix_prompt_fellow_id"), "prompt", ["fellow_id"])


def downgrade() -> None:
    """Drop the table, if nothing was answered.

    Raises:
        RuntimeError: answers are kept, and there is no other place for them.
    """
    answered = "SELECT count(*) FROM prompt WHERE answer IS NOT NULL"
    if op.get_bind().scalar(sa.text(answered)):
        raise RuntimeError("prompts are answered; the version before has no place for that")
    op.drop_table("prompt")
