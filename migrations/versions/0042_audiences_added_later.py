"""since when an assignment is given to an audience that was added later"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of no audience that it was added later: until now none could be."""
    op.add_column("audience", sa.Column("added_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Forget it: each is then given since its assignment was made."""
    op.drop_column("audience", "added_at")
