"""who was asked what, first when, and since when the key can be read"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ASKED = """
INSERT INTO exposure (fellow_id, item_id, edition, asked_at)
SELECT attempt.fellow_id, response.item_id, item_edition.edition, min(attempt.started_at)
FROM response
JOIN attempt ON attempt.id = response.attempt_id
JOIN item_edition ON item_edition.item_id = response.item_id
    AND item_edition.case_version_id = response.case_version_id
WHERE attempt.state <> 'in_progress'
GROUP BY attempt.fellow_id, response.item_id, item_edition.edition
"""

KEYS = """
WITH opened AS (
    SELECT attempt.fellow_id, response.item_id, item_edition.edition, attempt.assignment_id,
        CASE WHEN assignment.feedback = 'closed' AND assignment.closes_at > attempt.graded_at
        THEN assignment.closes_at ELSE attempt.graded_at END AS key_at
    FROM response
    JOIN attempt ON attempt.id = response.attempt_id
    JOIN assignment ON assignment.id = attempt.assignment_id
    JOIN item_edition ON item_edition.item_id = response.item_id
        AND item_edition.case_version_id = response.case_version_id
    WHERE attempt.graded_at IS NOT NULL
), ranked AS (
    SELECT opened.*, row_number() OVER (
        PARTITION BY fellow_id, item_id, edition ORDER BY key_at, assignment_id
    ) AS place FROM opened
)
UPDATE exposure SET key_at = ranked.key_at, key_in_id = ranked.assignment_id
FROM ranked
WHERE ranked.fellow_id = exposure.fellow_id AND ranked.item_id = exposure.item_id
    AND ranked.edition = exposure.edition AND ranked.place = 1
"""

FIRST = """
WITH reached AS (
    SELECT response.id, attempt.fellow_id, response.item_id, item_edition.edition,
        CASE WHEN response.answer IS NOT NULL THEN coalesce(response.saved_at, attempt.submitted_at)
        ELSE attempt.submitted_at END AS answered_at
    FROM response
    JOIN attempt ON attempt.id = response.attempt_id
    JOIN item_edition ON item_edition.item_id = response.item_id
        AND item_edition.case_version_id = response.case_version_id
    WHERE attempt.state <> 'in_progress' AND (
        attempt.submitted_by = 'fellow' OR response.answer IS NOT NULL OR response.position < (
            SELECT max(other.position) FROM response AS other
            WHERE other.attempt_id = response.attempt_id AND other.answer IS NOT NULL
        )
    )
), ranked AS (
    SELECT reached.*, row_number() OVER (
        PARTITION BY reached.fellow_id, reached.item_id, reached.edition
        ORDER BY reached.answered_at, reached.id
    ) AS place FROM reached
    JOIN exposure ON exposure.fellow_id = reached.fellow_id
        AND exposure.item_id = reached.item_id AND exposure.edition = reached.edition
    WHERE exposure.key_at IS NULL OR reached.answered_at < exposure.key_at
)
UPDATE exposure SET response_id = ranked.id, answered_at = ranked.answered_at
FROM ranked
WHERE ranked.fellow_id = exposure.fellow_id AND ranked.item_id = exposure.item_id
    AND ranked.edition = exposure.edition AND ranked.place = 1
"""


def moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def points_at(column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_exposure_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_exposure_{name}"))


def upgrade() -> None:
    op.create_table(
        "exposure",
        number("fellow_id"),
        number("item_id"),
        number("edition"),
        moment("asked_at", nullable=False),
        number("response_id", nullable=True),
        moment("answered_at"),
        moment("key_at"),
        number("key_in_id", nullable=True),
        check("edition", "edition >= 1"),
        check("answered", "(response_id IS NULL) = (answered_at IS NULL)"),
        check("key", "(key_at IS NULL) = (key_in_id IS NULL)"),
        points_at("fellow_id", "user"),
        points_at("item_id", "item"),
        points_at("response_id", "response"),
        points_at("key_in_id", "assignment"),
        sa.PrimaryKeyConstraint("fellow_id", "item_id", "edition", name=op.f("pk_exposure")),
    )
    op.create_index("ix_exposure_response_id", "exposure", ["response_id"], unique=True)
    for statement in (ASKED, KEYS, FIRST):
        op.execute(statement)


def downgrade() -> None:
    """Answers, releases and versions, of which the table is made, stay as they are."""
    op.drop_index("ix_exposure_response_id", "exposure")
    op.drop_table("exposure")
