"""talks of mentors with their fellows"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for what mentors note."""
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fellow_id", sa.Integer(), nullable=False),
        sa.Column("mentor_id", sa.Integer(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("agreed", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_by_mentor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_by_fellow_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mentor_id <> fellow_id", name=op.f("ck_meeting_two_people")),
        sa.CheckConstraint("length(notes) <= 500", name=op.f("ck_meeting_notes")),
        sa.CheckConstraint("length(agreed) <= 500", name=op.f("ck_meeting_agreed")),
        sa.ForeignKeyConstraint(["fellow_id"], ["user.id"], name=op.f("fk_meeting_fellow_id_user")),
        sa.ForeignKeyConstraint(["mentor_id"], ["user.id"], name=op.f("fk_meeting_mentor_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint(
            "mentor_id", "fellow_id", "met_on", name=op.f("uq_meeting_mentor_id_fellow_id_met_on")
        ),
    )
    op.create_index(op.f("ix_meeting_fellow_id"), "meeting", ["fellow_id"])


def downgrade() -> None:
    """Drop the table, if nothing is noted in it.

    Raises:
        RuntimeError: talks are noted, and there is no other place for them.
    """
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM meeting")):
        raise RuntimeError("meetings are noted; the version before has no place for them")
    op.drop_table("meeting")
