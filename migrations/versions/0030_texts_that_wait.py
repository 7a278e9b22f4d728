"""texts that wait for a choice between two, and since when somebody is at a place of a draft"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_text",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("base", sa.JSON()),
        sa.Column("mine", sa.JSON()),
        sa.Column("theirs_by_id", sa.Integer()),
        sa.Column("theirs_at", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_waiting_text_draft_id_draft")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_waiting_text_by_id_user")),
        sa.ForeignKeyConstraint(
            ["theirs_by_id"], ["user.id"], name=op.f("fk_waiting_text_theirs_by_id_user")
        ),
        sa.PrimaryKeyConstraint("draft_id", "by_id", "tab", "path", name=op.f("pk_waiting_text")),
    )
    with op.batch_alter_table("draft_visit") as batch:
        batch.add_column(sa.Column("since", sa.DateTime(timezone=True)))
    op.execute("UPDATE draft_visit SET since = seen_at")
    with op.batch_alter_table("draft_visit") as batch:
        batch.alter_column("since", nullable=False)


def downgrade() -> None:
    waiting = op.get_bind().scalar(sa.text("SELECT count(*) FROM waiting_text"))
    if waiting:
        raise RuntimeError(
            f"{waiting} texts wait for a choice, and the older schema has no place for them. "
            "Have their authors choose first; nothing was changed."
        )
    with op.batch_alter_table("draft_visit") as batch:
        batch.drop_column("since")
    op.drop_table("waiting_text")
