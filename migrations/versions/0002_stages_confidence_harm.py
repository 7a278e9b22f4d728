"""stages, confidence, harm, and what waits for people"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ITEM_USE = "use IN ('scored', 'formative', 'none')"
CONFIDENCE = "confidence IN ('sure', 'leaning', 'guessing')"


def flag(name: str, *constraints: sa.Constraint) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), *constraints, nullable=False, server_default=sa.false())


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    # Each column is added in place: SQLite would have to build the table anew for a rule of the
    # table, so the rules stand with their columns.
    op.add_column("case", flag("unfolds"))
    op.add_column(
        "item",
        sa.Column(
            "use",
            sa.String(),
            check("item", "use", ITEM_USE),
            nullable=False,
            server_default="scored",
        ),
    )
    op.add_column(
        "response",
        sa.Column("confidence", sa.String(length=32), check("response", "confidence", CONFIDENCE)),
    )
    op.add_column(
        "response",
        sa.Column(
            "stage",
            sa.Integer(),
            check("response", "stage", "stage >= 0"),
            nullable=False,
            server_default="0",
        ),
    )
    op.add_column("response", sa.Column("locked_at", sa.DateTime(timezone=True)))
    op.add_column(
        "response", flag("waits", check("response", "waits", "NOT waits OR credit_num IS NULL"))
    )
    op.add_column("response", flag("harmful"))
    op.add_column("response", sa.Column("marks", sa.JSON()))
    op.add_column("response", sa.Column("mark_note", sa.String()))
    op.add_column("quiz", flag("formative"))
    op.add_column(
        "assignment",
        sa.Column("ask_confidence", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["rater_id"], ["user.id"], name=op.f("fk_mark_rater_id_user")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_mark_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
    )
    op.create_index(op.f("ix_mark_response_id"), "mark", ["response_id"])


def downgrade() -> None:
    op.drop_table("mark")
    op.drop_column("assignment", "ask_confidence")
    op.drop_column("quiz", "formative")
    for name in ("mark_note", "marks", "harmful", "waits", "locked_at", "stage", "confidence"):
        op.drop_column("response", name)
    op.drop_column("item", "use")
    op.drop_column("case", "unfolds")
