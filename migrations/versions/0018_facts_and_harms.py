"""the facts that keys rest on, and the acts that harm"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("read", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.CheckConstraint("status IN ('solid', 'check')", name=op.f("ck_fact_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    op.create_table(
        "harm",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("harm", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("exceptions", sa.String()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harm")),
    )


def downgrade() -> None:
    """Take them back: they say what the shipped lists say."""
    op.drop_table("harm")
    op.drop_table("fact")
