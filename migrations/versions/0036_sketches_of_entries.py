"""by which numbers cases are found that tell nearly the same"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, which the service fills when it starts: all entries are made anew then."""
    op.create_table(
        "search_sketch",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["search_entry.id"], name=op.f("fk_search_sketch_entry_id_search_entry")
        ),
        sa.PrimaryKeyConstraint("number", "entry_id", name=op.f("pk_search_sketch")),
    )
    op.create_index(op.f("ix_search_sketch_entry_id"), "search_sketch", ["entry_id"])


def downgrade() -> None:
    """Drop it: all that it says is made from versions."""
    op.drop_table("search_sketch")
