"""finding the quizzes that have an item, and what fellows were given by name"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

BY_NAME = sa.text("fellow_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_quiz_item_item_id", "quiz_item", ["item_id"])
    op.drop_index("ix_audience_fellow_id", "audience")
    op.create_index(
        "ix_audience_fellow_id",
        "audience",
        ["fellow_id"],
        postgresql_where=BY_NAME,
        sqlite_where=BY_NAME,
    )


def downgrade() -> None:
    op.drop_index("ix_audience_fellow_id", "audience")
    op.create_index("ix_audience_fellow_id", "audience", ["fellow_id"])
    op.drop_index("ix_quiz_item_item_id", "quiz_item")
