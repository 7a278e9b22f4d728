"""when a save was given, by its page's account; finding those that came too late"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("response_event", sa.Column("given_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_response_event_late",
        "response_event",
        ["received_at"],
        postgresql_where=sa.text("late"),
        sqlite_where=sa.text("late = 1"),
    )


def downgrade() -> None:
    op.drop_index("ix_response_event_late", "response_event")
    op.drop_column("response_event", "given_at")
