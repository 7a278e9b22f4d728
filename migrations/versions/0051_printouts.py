"""PDFs of reports, made by jobs and kept for a day"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('import', 'load')"
AFTER = "kind IN ('import', 'load', 'print')"


def points_at(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{table}.id"], name=op.f(f"fk_printout_{column}_{table}")
    )


def allow_kinds(rule: str) -> None:
    """Say which kinds of jobs there are; SQLite builds the table anew for that."""
    with op.batch_alter_table("job") as table:
        table.drop_constraint(op.f("ck_job_jobkind"), type_="check")
        table.create_check_constraint(op.f("ck_job_jobkind"), rule)


def upgrade() -> None:
    allow_kinds(AFTER)
    op.create_table(
        "printout",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("fellow_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("pdf", sa.LargeBinary()),
        sa.CheckConstraint(
            "kind IN ('report', 'progress', 'preparation')", name=op.f("ck_printout_printoutkind")
        ),
        sa.CheckConstraint("(made_at IS NULL) = (pdf IS NULL)", name=op.f("ck_printout_made")),
        points_at("job", "job_id"),
        points_at("user", "owner_id"),
        points_at("user", "fellow_id"),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_printout")),
        sa.UniqueConstraint(
            "owner_id", "fellow_id", "kind", name=op.f("uq_printout_owner_id_fellow_id_kind")
        ),
    )
    op.create_index(op.f("ix_printout_fellow_id"), "printout", ["fellow_id"])


def downgrade() -> None:
    """Drop PDFs with the jobs that made them: they can be made anew."""
    op.drop_index(op.f("ix_printout_fellow_id"), "printout")
    op.drop_table("printout")
    op.execute("DELETE FROM job WHERE kind = 'print'")
    allow_kinds(BEFORE)
