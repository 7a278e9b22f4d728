"""goals that fellows and mentors agree on"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATES = ("proposed", "open", "met", "missed", "moved", "declined")
LIVE = sa.text("state IN ('proposed', 'open')")


def upgrade() -> None:
    """Make room for goals; there are none as yet."""
    moment = sa.DateTime(timezone=True)
    people = ("fellow_id", "mentor_id", "proposed_by")
    state = sa.Enum(*STATES, name="goalstate", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in people),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("approach", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("agreed_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("instead_of_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(approach IS NULL) <> (topic IS NULL)", name=op.f("ck_goal_about")),
        sa.CheckConstraint("items BETWEEN 4 AND 60", name=op.f("ck_goal_items")),
        sa.CheckConstraint('"right" BETWEEN 1 AND items', name=op.f("ck_goal_right")),
        sa.CheckConstraint(
            "(agreed_at IS NULL) = (state IN ('proposed', 'declined'))", name=op.f("ck_goal_agreed")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state IN ('proposed', 'open'))", name=op.f("ck_goal_ended")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["user.id"], name=op.f(f"fk_goal_{name}_user"))
            for name in people
        ),
        sa.ForeignKeyConstraint(
            ["instead_of_id"], ["goal.id"], name=op.f("fk_goal_instead_of_id_goal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index("ix_goal_fellow_id", "goal", ["fellow_id"])
    op.create_index(
        "ix_goal_instead_of_id",
        "goal",
        ["instead_of_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    """Drop the table, which the old schema has not; refuse while there are goals to lose."""
    goals = sa.table("goal", sa.column("id"))
    if op.get_bind().execute(sa.select(goals.c.id).limit(1)).first() is not None:
        raise RuntimeError("There are goals, which the version before cannot keep.")
    op.drop_table("goal")
