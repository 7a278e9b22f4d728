"""finding the few grades that wait or were left out, and the newest deeds, without reading all"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

FEW = {"ix_grade_waits": "state = 'waits'", "ix_grade_left_out": "state = 'left_out'"}


def upgrade() -> None:
    for name, which in FEW.items():
        op.create_index(
            name,
            "grade",
            ["response_id"],
            postgresql_where=sa.text(which),
            sqlite_where=sa.text(which),
        )
    op.create_index("ix_audit_event_at_id", "audit_event", ["at", "id"])
    op.drop_index("ix_audit_event_at", "audit_event")


def downgrade() -> None:
    op.create_index("ix_audit_event_at", "audit_event", ["at"])
    op.drop_index("ix_audit_event_at_id", "audit_event")
    for name in FEW:
        op.drop_index(name, "grade")
