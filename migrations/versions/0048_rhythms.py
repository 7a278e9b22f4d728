"""when and how often mentors want the digest"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def points_at_mentor(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["mentor_id"], ["user.id"], name=op.f(f"fk_{table}_mentor_id_user")
    )


def upgrade() -> None:
    """Make room for what mentors choose; every digest of before spoke of all fellows."""
    op.create_table(
        "rhythm",
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weeks IN (1, 2, 4)", name=op.f("ck_rhythm_weeks")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_rhythm_weekday")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_rhythm_hour")),
        points_at_mentor("rhythm"),
        sa.PrimaryKeyConstraint("mentor_id", name=op.f("pk_rhythm")),
    )
    op.create_table(
        "quiet_week",
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        points_at_mentor("quiet_week"),
        sa.PrimaryKeyConstraint("mentor_id", "week", name=op.f("pk_quiet_week")),
    )
    op.add_column(
        "digest", sa.Column("for_all", sa.Boolean(), nullable=False, server_default=sa.true())
    )


def downgrade() -> None:
    """Drop them, if no mentor has chosen one: each gets the digest on Mondays again.

    Raises:
        RuntimeError: mentors have chosen, and there is no other place for that; or a digest spoke
            of those in need alone, which the version before would take for one of all.
    """
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM rhythm")):
        raise RuntimeError("mentors have chosen rhythms; the version before has no place for them")
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM digest WHERE NOT for_all")):
        raise RuntimeError(
            "some digests are not for all; the version before cannot tell them apart"
        )
    op.drop_column("digest", "for_all")
    op.drop_table("quiet_week")
    op.drop_table("rhythm")
