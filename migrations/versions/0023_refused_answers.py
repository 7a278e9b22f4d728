"""answers that could not be taken, kept as they were typed"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_answer",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("typed", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_refused_answer_response_id_response")
        ),
        sa.PrimaryKeyConstraint("response_id", "tab", name=op.f("pk_refused_answer")),
    )
    op.create_index(op.f("ix_refused_answer_received_at"), "refused_answer", ["received_at"])


def downgrade() -> None:
    """Take the table away, but not what people typed: the schema before has no place for it."""
    if op.get_bind().execute(sa.text("SELECT count(*) FROM refused_answer")).scalar_one():
        raise RuntimeError(
            "Answers that could not be taken are kept as they were typed, and the schema before "
            "has no place for them; this migration cannot be taken back."
        )
    op.drop_table("refused_answer")
