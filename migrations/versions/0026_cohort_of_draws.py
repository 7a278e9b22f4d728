"""for which cohort a quiz was drawn"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FOREIGN_KEY = "fk_quiz_cohort_id_cohort"


def upgrade() -> None:
    with op.batch_alter_table("quiz") as batch_op:
        batch_op.add_column(sa.Column("cohort_id", sa.Integer()))
        batch_op.create_foreign_key(op.f(FOREIGN_KEY), "cohort", ["cohort_id"], ["id"])


def downgrade() -> None:
    drawn = sa.text("SELECT count(*) FROM quiz WHERE cohort_id IS NOT NULL")
    if op.get_bind().execute(drawn).scalar_one():
        raise RuntimeError(
            "Quizzes note for which cohort they were drawn, which the former version cannot keep."
        )
    with op.batch_alter_table("quiz") as batch_op:
        batch_op.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
        batch_op.drop_column("cohort_id")
