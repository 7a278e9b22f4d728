"""which case a version names as its sibling, where a query can ask for it"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

versions = sa.table(
    "case_version",
    sa.column("id", sa.Integer()),
    sa.column("body", sa.JSON()),
    sa.column("sibling_of", sa.String()),
)


def upgrade() -> None:
    op.add_column("case_version", sa.Column("sibling_of", sa.String()))
    op.create_index(op.f("ix_case_version_sibling_of"), "case_version", ["sibling_of"])
    for version_id, body in op.get_bind().execute(sa.select(versions.c.id, versions.c.body)).all():
        named = body.get("sibling_of") if isinstance(body, dict) else None
        if isinstance(named, str):
            change = sa.update(versions).where(versions.c.id == version_id)
            op.get_bind().execute(change.values(sibling_of=named))


def downgrade() -> None:
    op.drop_index(op.f("ix_case_version_sibling_of"), "case_version")
    op.drop_column("case_version", "sibling_of")
