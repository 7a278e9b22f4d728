"""when the first fellow began an assignment"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FIRST = """UPDATE assignment SET begun_at = (
    SELECT min(attempt.started_at) FROM attempt WHERE attempt.assignment_id = assignment.id
)"""


def upgrade() -> None:
    op.add_column("assignment", sa.Column("begun_at", sa.DateTime(timezone=True)))
    op.execute(FIRST)


def downgrade() -> None:
    """Take it back: the attempts say the same."""
    op.drop_column("assignment", "begun_at")
