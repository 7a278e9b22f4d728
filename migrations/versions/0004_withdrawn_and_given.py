"""assignments that were taken back, and when an answer was given"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assignment", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.add_column("response", sa.Column("given_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("response", "given_at")
    op.drop_column("assignment", "withdrawn_at")
