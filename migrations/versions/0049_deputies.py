"""a mentorship may be a deputy's, who stands in for a mentor who is away"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

ONE = "uq_mentorship_mentor_id_fellow_id_starts_on"
OWN = sa.text("stands_in_for_id IS NULL")
RULES = {
    "ck_mentorship_deputy_ends": "stands_in_for_id IS NULL OR ends_on IS NOT NULL",
    "ck_mentorship_three_people": (
        "stands_in_for_id IS NULL OR stands_in_for_id NOT IN (mentor_id, fellow_id)"
    ),
}
DEPUTY = "fk_mentorship_stands_in_for_id_user"


def upgrade() -> None:
    """Make room for deputies; every mentorship of before is a mentor's own."""
    with op.batch_alter_table("mentorship") as table:
        table.add_column(sa.Column("stands_in_for_id", sa.Integer(), nullable=True))
        table.drop_constraint(op.f(ONE), type_="unique")
        for name, rule in RULES.items():
            table.create_check_constraint(op.f(name), rule)
        table.create_foreign_key(op.f(DEPUTY), "user", ["stands_in_for_id"], ["id"])
    op.create_index(
        "uq_mentorship_own",
        "mentorship",
        ["mentor_id", "fellow_id", "starts_on"],
        unique=True,
        sqlite_where=OWN,
        postgresql_where=OWN,
    )
    op.create_index(
        "uq_mentorship_deputy",
        "mentorship",
        ["stands_in_for_id", "fellow_id", "mentor_id", "starts_on"],
        unique=True,
    )


def downgrade() -> None:
    """Drop it, if nobody stands in or stood in.

    Raises:
        RuntimeError: somebody does or did; the version before would take a deputy for a mentor
            of the fellow's own.
    """
    deputies = "SELECT count(*) FROM mentorship WHERE stands_in_for_id IS NOT NULL"
    if op.get_bind().scalar(sa.text(deputies)):
        raise RuntimeError("some mentorships are of deputies; the version before has no deputies")
    op.drop_index("uq_mentorship_deputy", "mentorship")
    op.drop_index("uq_mentorship_own", "mentorship")
    with op.batch_alter_table("mentorship") as table:
        table.drop_constraint(op.f(DEPUTY), type_="foreignkey")
        for name in RULES:
            table.drop_constraint(op.f(name), type_="check")
        table.create_unique_constraint(op.f(ONE), ["mentor_id", "fellow_id", "starts_on"])
        table.drop_column("stands_in_for_id")
