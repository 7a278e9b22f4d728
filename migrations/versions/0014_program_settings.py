"""what the program has set; what a person was trained in, and who treats patients"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DISCIPLINES = (
    "anesthesiology",
    "physical_medicine",
    "neurology",
    "child_neurology",
    "psychiatry",
    "emergency_medicine",
    "family_medicine",
    "internal_medicine",
    "pediatrics",
    "radiology",
    "surgery",
    "palliative_medicine",
    "addiction_medicine",
    "dentistry",
    "nursing",
    "pharmacy",
    "physical_therapy",
    "occupational_therapy",
    "psychology",
    "social_work",
)

SAID = """
SELECT (SELECT count(*) FROM setting)
     + (SELECT count(*) FROM "user" WHERE discipline IS NOT NULL OR clinician)
"""


def upgrade() -> None:
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user.id"], name=op.f("fk_setting_changed_by_user")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    known = ", ".join(f"'{discipline}'" for discipline in DISCIPLINES)
    rule = sa.CheckConstraint(f"discipline IN ({known})", name=op.f("ck_user_discipline"))
    # In place: SQLite would have to build the table anew for a rule of the table.
    op.add_column("user", sa.Column("discipline", sa.String(length=32), rule, nullable=True))
    op.add_column(
        "user", sa.Column("clinician", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    if op.get_bind().execute(sa.text(SAID)).scalar_one():
        raise RuntimeError(
            "The schema before has no place for what the program has set, or for disciplines and "
            "clinicians: set all to their defaults and none, or go back to a copy."
        )
    op.drop_column("user", "clinician")
    op.drop_column("user", "discipline")
    op.drop_table("setting")
