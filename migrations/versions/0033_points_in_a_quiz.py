"""how much an item weighs in a quiz"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column in place; without a number an item weighs what its case says, as before."""
    op.execute(
        "ALTER TABLE quiz_item ADD COLUMN points INTEGER"
        " CONSTRAINT ck_quiz_item_points CHECK (points BETWEEN 1 AND 10)"
    )


def downgrade() -> None:
    """No quiz says it otherwise than its cases, or the schema of before has no place for it."""
    rows = sa.table("quiz_item", sa.column("points"))
    weighed = sa.select(sa.func.count()).select_from(rows).where(rows.c.points.is_not(None))
    if op.get_bind().scalar(weighed):
        raise RuntimeError(
            "A quiz says how much an item weighs, which the schema of before cannot hold. Nothing "
            "has been changed."
        )
    op.drop_column("quiz_item", "points")
