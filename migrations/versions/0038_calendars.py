"""the addresses at which calendars are read"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for one address a fellow."""
    op.create_table(
        "calendar_link",
        sa.Column("fellow_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fellow_id"], ["user.id"], name=op.f("fk_calendar_link_fellow_id_user")
        ),
        sa.PrimaryKeyConstraint("fellow_id", name=op.f("pk_calendar_link")),
    )


def downgrade() -> None:
    op.drop_table("calendar_link")
