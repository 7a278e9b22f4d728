"""since when a fact says what it says"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fact", sa.Column("changed_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """What is forgotten is named anew when a fact changes again."""
    op.drop_column("fact", "changed_at")
