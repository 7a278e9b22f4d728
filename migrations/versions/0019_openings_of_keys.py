"""from when on keys can be read, once for each attempt"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

POINTED = """
INSERT INTO exposure
    (fellow_id, item_id, edition, asked_at, response_id, answered_at, key_in_id)
SELECT fellow_id, item_id, edition, asked_at, response_id, answered_at, attempt_id
FROM (
    SELECT before.*, attempt.id AS attempt_id, row_number() OVER (
        PARTITION BY before.fellow_id, before.item_id, before.edition
        ORDER BY
            CASE WHEN attempt.assignment_id = before.key_in_id THEN 0 ELSE 1 END,
            CASE WHEN before.key_at IS NOT NULL AND attempt.state = 'graded' THEN 0 ELSE 1 END,
            CASE WHEN attempt.graded_at = before.key_at THEN 0 ELSE 1 END,
            CASE WHEN attempt.state = 'in_progress' THEN 1 ELSE 0 END,
            attempt.started_at, attempt.id
    ) AS place
    FROM exposure_before AS before
    JOIN attempt ON attempt.fellow_id = before.fellow_id
    JOIN response ON response.attempt_id = attempt.id AND response.item_id = before.item_id
    JOIN item_edition ON item_edition.item_id = response.item_id
        AND item_edition.case_version_id = response.case_version_id
        AND item_edition.edition = before.edition
) AS asked
WHERE place = 1
"""
"""Each exposure with the attempt that opens its key, or that asked it first if none is settled."""

OPENED = """
INSERT INTO key_opening (attempt_id, key_at)
SELECT exposure.key_in_id, min(before.key_at)
FROM exposure
JOIN exposure_before AS before ON before.fellow_id = exposure.fellow_id
    AND before.item_id = exposure.item_id AND before.edition = exposure.edition
WHERE before.key_at IS NOT NULL
GROUP BY exposure.key_in_id
"""

BACK = """
INSERT INTO exposure
    (fellow_id, item_id, edition, asked_at, response_id, answered_at, key_at, key_in_id)
SELECT before.fellow_id, item_id, edition, asked_at, response_id, answered_at, key_at,
    CASE WHEN key_at IS NOT NULL THEN attempt.assignment_id END
FROM exposure_before AS before
JOIN attempt ON attempt.id = before.key_in_id
LEFT JOIN key_opening ON key_opening.attempt_id = before.key_in_id
"""


def moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def points_at(column: str, other: str, *, table: str = "exposure") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_exposure_{name}"))


def put_aside() -> None:
    """Keep the exposures in a table of their own, to make theirs anew in another shape."""
    op.execute("CREATE TABLE exposure_before AS SELECT * FROM exposure")
    op.drop_index("ix_exposure_response_id", "exposure")
    op.drop_table("exposure")


def make_exposure(*key: sa.schema.SchemaItem) -> None:
    op.create_table(
        "exposure",
        number("fellow_id"),
        number("item_id"),
        number("edition"),
        moment("asked_at", nullable=False),
        number("response_id", nullable=True),
        moment("answered_at"),
        *key,
        check("edition", "edition >= 1"),
        check("answered", "(response_id IS NULL) = (answered_at IS NULL)"),
        points_at("fellow_id", "user"),
        points_at("item_id", "item"),
        points_at("response_id", "response"),
        sa.PrimaryKeyConstraint("fellow_id", "item_id", "edition", name=op.f("pk_exposure")),
    )
    op.create_index("ix_exposure_response_id", "exposure", ["response_id"], unique=True)


def upgrade() -> None:
    put_aside()
    make_exposure(number("key_in_id"), points_at("key_in_id", "attempt"))
    op.create_table(
        "key_opening",
        number("attempt_id"),
        moment("key_at", nullable=False),
        points_at("attempt_id", "attempt", table="key_opening"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_key_opening")),
    )
    op.execute(POINTED)
    op.execute(OPENED)
    op.drop_table("exposure_before")


def downgrade() -> None:
    """Say of each exposure again when its key opens, and by which assignment."""
    put_aside()
    make_exposure(
        moment("key_at"),
        number("key_in_id", nullable=True),
        check("key", "(key_at IS NULL) = (key_in_id IS NULL)"),
        points_at("key_in_id", "assignment"),
    )
    op.execute(BACK)
    op.drop_table("exposure_before")
    op.drop_table("key_opening")
