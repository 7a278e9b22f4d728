"""jobs: work with progress and a report"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_job_{name}"))


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("jobkind", "import", "load"), nullable=False),
        sa.Column(
            "state", one_of("jobstate", "waiting", "running", "done", "failed"), nullable=False
        ),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("shown_to", one_of("role", "fellow", "mentor", "faculty", "director")),
        sa.Column("given", sa.JSON()),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("report", sa.JSON()),
        sa.Column("error", sa.String()),
        moment("asked_at"),
        moment("moved_at"),
        moment("begun_at", nullable=True),
        moment("started_at", nullable=True),
        moment("ended_at", nullable=True),
        check("progress", "progress BETWEEN 0 AND 1"),
        check("ended", "(state IN ('done', 'failed')) = (ended_at IS NOT NULL)"),
        check("error", "(state = 'failed') = (error IS NOT NULL)"),
        check("done", "state <> 'done' OR progress = 1"),
        check("begun", "begun_at IS NULL OR state = 'running'"),
        check("seen", "owner_id IS NOT NULL OR shown_to IS NOT NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_job_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_owner_id"), "job", ["owner_id"])
    op.create_index("ix_job_state", "job", ["state", "moved_at"])


def downgrade() -> None:
    """Take jobs away: what they did stays. What has not come to its end would be lost."""
    unfinished = """
        SELECT count(*) FROM job WHERE state IN ('waiting', 'running')
        OR (state = 'failed' AND kind = 'import' AND given IS NOT NULL)
    """
    if op.get_bind().execute(sa.text(unfinished)).scalar_one():
        raise RuntimeError(
            "Jobs are under way, or failed less than 30 days ago and can still go on, and the "
            "schema before knows none; have them come to their end first."
        )
    op.drop_table("job")
