"""when the sources of a fact were looked up, and when they are to be looked up again"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fact", sa.Column("looked_up", sa.Date()))
    op.add_column("fact", sa.Column("next_look", sa.Date()))


def downgrade() -> None:
    """Take them back: they say what the shipped list says."""
    op.drop_column("fact", "next_look")
    op.drop_column("fact", "looked_up")
