"""which of a page's saves of a draft was the newest to arrive"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of pages that are open now the order counts from their next save on."""
    column = sa.Column("saved_seq", sa.Integer(), nullable=False, server_default="0")
    op.add_column("draft_visit", column)


def downgrade() -> None:
    """Visits are kept for a day; what goes is the order of saves that are on their way."""
    op.drop_column("draft_visit", "saved_seq")
