"""whether a clinician has signed is an act, not a word of the case"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CASES = sa.table("case", sa.column("id"), sa.column("current_id"), sa.column("clinical_review"))
VERSIONS = sa.table("case_version", sa.column("id"), sa.column("body", sa.JSON()))


def upgrade() -> None:
    op.drop_column("case", "clinical_review")


def downgrade() -> None:
    """Say of each case what its version says of itself: format 1 does, and no other."""
    op.add_column(
        "case", sa.Column("clinical_review", sa.String(), nullable=False, server_default="pending")
    )
    bind = op.get_bind()
    current = sa.select(CASES.c.id, VERSIONS.c.body).join(
        VERSIONS, VERSIONS.c.id == CASES.c.current_id
    )
    signed = [
        case.id
        for case in bind.execute(current)
        if isinstance(case.body, dict) and case.body.get("clinical_review") == "signed"
    ]
    bind.execute(sa.update(CASES).where(CASES.c.id.in_(signed)).values(clinical_review="signed"))
    with op.batch_alter_table("case") as table:
        table.alter_column("clinical_review", existing_type=sa.String(), server_default=None)
