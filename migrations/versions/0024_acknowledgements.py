"""who has acknowledged an unsafe choice"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

HELD = (
    "%d unsafe choices were acknowledged, which the schema of before cannot hold. "
    "Nothing has been changed."
)


def points_at(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_acknowledgement_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        points_at("response_id", "response"),
        points_at("user_id", "user"),
        sa.PrimaryKeyConstraint("response_id", "user_id", name=op.f("pk_acknowledgement")),
    )


def downgrade() -> None:
    held = op.get_bind().scalar(sa.text("SELECT count(*) FROM acknowledgement"))
    if held:
        raise RuntimeError(HELD % held)
    op.drop_table("acknowledgement")
