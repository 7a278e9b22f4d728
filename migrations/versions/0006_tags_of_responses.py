"""what a response is of and worth, as its version said when the fellow saw it"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TAGS = """
UPDATE response SET
    topic = (SELECT topic FROM item WHERE item.id = response.item_id),
    approach = (SELECT approach FROM item WHERE item.id = response.item_id),
    formative = (SELECT use <> 'scored' FROM item WHERE item.id = response.item_id)
"""
"""What is known of the responses there are: the tags that their items have today."""

POINTS = sa.text("""
UPDATE response SET points = :points WHERE case_version_id = :version AND item_id IN
    (SELECT item.id FROM item WHERE item.case_id = :case AND item.key = :key)
""")


def upgrade() -> None:
    for name in ("topic", "approach"):
        op.add_column("response", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column(
        "response",
        sa.Column("formative", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "response",
        sa.Column(
            "points",
            sa.Integer(),
            sa.CheckConstraint("points >= 1", name=op.f("ck_response_points")),
            nullable=False,
            server_default="1",
        ),
    )
    op.execute(TAGS)
    versions = sa.table(
        "case_version", sa.column("id"), sa.column("case_id"), sa.column("body", sa.JSON())
    )
    for version in op.get_bind().execute(sa.select(versions)).all():
        for item in items_of(version.body):
            points = item.get("points")
            if isinstance(points, int) and points > 1:
                found = {"version": version.id, "case": version.case_id, "key": item.get("key")}
                op.get_bind().execute(POINTS, {"points": points, **found})


def items_of(body: Any) -> list[dict[str, Any]]:
    """Return the items of a version, as far as it can be read."""
    parts = [body, *objects(body, "stages")] if isinstance(body, dict) else []
    return [item for part in parts for item in objects(part, "items")]


def objects(part: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = part.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def downgrade() -> None:
    for name in ("points", "formative", "approach", "topic"):
        op.drop_column("response", name)
