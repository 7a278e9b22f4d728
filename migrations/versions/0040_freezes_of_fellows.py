"""how often fellows may stop the clock of a quiz themselves, and for how long"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

COLUMNS = {
    "freezes": "CHECK (freezes BETWEEN 0 AND 5)",
    "freeze_minutes": "CHECK (freeze_minutes BETWEEN 5 AND 240)",
}


def upgrade() -> None:
    """Promise nobody a freeze in what was assigned before: its rules did not have one."""
    for name, default in (("freezes", 0), ("freeze_minutes", 30)):
        check = f"CONSTRAINT ck_assignment_{name} {COLUMNS[name]}"
        op.execute(
            f"ALTER TABLE assignment ADD COLUMN {name} INTEGER DEFAULT {default} NOT NULL {check}"
        )


def downgrade() -> None:
    """Drop both; freezes that were made stay, as acts of their fellows."""
    for name in COLUMNS:
        op.execute(f"ALTER TABLE assignment DROP COLUMN {name}")
