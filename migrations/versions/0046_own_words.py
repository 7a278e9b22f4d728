"""what fellows say of their weeks in own words"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for two lines an attempt."""
    op.create_table(
        "own_words",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 280", name=op.f("ck_own_words_length")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_own_words_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_own_words")),
    )


def downgrade() -> None:
    """Drop the table, if nothing is said in it.

    Raises:
        RuntimeError: fellows have said something, and there is no other place for it.
    """
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM own_words")):
        raise RuntimeError("fellows have written own words; the version before has no place")
    op.drop_table("own_words")
