"""who looks after a case, what is withheld, and where pictures and facts come from"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COLUMNS = (
    ("approval", "changes_right", "BOOLEAN"),
    ("case", "owner_id", "INTEGER"),
    ("fact", "added_by_id", "INTEGER"),
    ("fact", "added_at", "MOMENT"),
    ("image", "licence", "VARCHAR DEFAULT '' NOT NULL"),
    ("image", "width", "INTEGER"),
    ("image", "height", "INTEGER"),
    ("image", "added_by_id", "INTEGER"),
    ("item", "withheld_at", "MOMENT"),
    ("item", "withheld_by_id", "INTEGER"),
    ("item", "withheld_why", "VARCHAR DEFAULT '' NOT NULL"),
)
CHECKS = {
    ("approval", "changes_right"): ("changes_right", "kind = 'editorial' OR changes_right IS NULL"),
    ("fact", "added_at"): ("added", "(added_by_id IS NULL) = (added_at IS NULL)"),
    ("image", "height"): ("measures", "(width IS NULL) = (height IS NULL)"),
    ("item", "withheld_by_id"): ("withheld", "(withheld_at IS NULL) = (withheld_by_id IS NULL)"),
}
OWNERS = """
SELECT count(*) FROM "case" JOIN case_version ON case_version.id = "case".current_id
WHERE "case".owner_id IS NOT NULL AND "case".owner_id <> coalesce(
    case_version.author_id,
    (SELECT max(user_id) FROM approval
     WHERE case_version_id = case_version.id AND kind = 'editorial'),
    0
)
"""
"""Cases that somebody looks after who neither wrote nor published what is in use."""

HELD = (
    ("approval", "changes_right"),
    ("fact", "added_by_id"),
    ("image", "added_by_id"),
    ("item", "withheld_by_id"),
)


def upgrade() -> None:
    """Add each column in place: SQLite would build a table anew for a rule of the table."""
    moment = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for table, column, kind in COLUMNS:
        rule = ""
        if column.endswith("_id"):
            rule += f' CONSTRAINT fk_{table}_{column}_user REFERENCES "user" (id)'
        if (table, column) in CHECKS:
            name, says = CHECKS[table, column]
            rule += f" CONSTRAINT ck_{table}_{name} CHECK ({says})"
        written = kind.replace("MOMENT", moment)
        op.execute(f'ALTER TABLE "{table}" ADD COLUMN {column} {written}{rule}')
    op.create_index("ix_case_owner_id", "case", ["owner_id"])


def downgrade() -> None:
    """Nothing of it is in use, or can be found again; else the schema of before has no place."""
    counted = {"case": sa.text(OWNERS)}
    for table, column in HELD:
        rows = sa.table(table, sa.column(column))
        used = rows.c[column].is_not(None)
        counted[table] = sa.select(sa.func.count()).select_from(rows).where(used)
    for table, held in counted.items():
        if op.get_bind().scalar(held):
            raise RuntimeError(
                f"The table {table} keeps what the schema of before cannot hold. Nothing has been "
                "changed."
            )
    op.drop_index("ix_case_owner_id", "case")
    for table, column, _ in reversed(COLUMNS):
        op.drop_column(table, column)
