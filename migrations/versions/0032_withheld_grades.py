"""grades of withheld items, and of items that count again"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

COLUMNS = (
    "response_id", "number", "state", "credit_num", "credit_den", "harms", "case_version_id",
    "why", "marking_id", "graded_by", "graded_at",
)  # fmt: skip

AFTER = {
    "gradestate": "state IN ('earned', 'waits', 'left_out', 'withheld')",
    "gradecause": "why IN ('graded', 'marked', 'withheld', 'restored')",
    "marked": "why <> 'marked' OR marking_id IS NOT NULL",
    "marks": "marking_id IS NULL OR why IN ('marked', 'restored')",
}
BEFORE = {
    "gradestate": "state IN ('earned', 'waits', 'left_out')",
    "gradecause": "why IN ('graded', 'marked')",
    "marked": "(why = 'marked') = (marking_id IS NOT NULL)",
}
SAME = {
    "number": "number >= 1",
    "state": "(state = 'earned') = (credit_num IS NOT NULL)",
    "credit": "(credit_num IS NULL) = (credit_den IS NULL)",
    "range": "credit_num IS NULL OR credit_num BETWEEN 0 AND credit_den",
    "rater": "marking_id IS NULL OR graded_by IS NOT NULL",
}


def upgrade() -> None:
    change_rules(BEFORE, AFTER)
    op.create_index("ix_grade_marking_id", "grade", ["marking_id"])
    moment = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    op.execute(f"ALTER TABLE item_edition ADD COLUMN discounted BOOLEAN DEFAULT {no} NOT NULL")
    op.execute(f"ALTER TABLE item ADD COLUMN regrade_since {moment}")


def downgrade() -> None:
    """Go back while no grade says what the schema of before has no word for."""
    found = op.get_bind().scalar(
        sa.text(
            "SELECT count(*) FROM grade WHERE state = 'withheld' OR why IN ('withheld', 'restored')"
        )
    )
    waits = op.get_bind().scalar(
        sa.text(
            "SELECT (SELECT count(*) FROM item WHERE regrade_since IS NOT NULL) "
            "+ (SELECT count(*) FROM item_edition WHERE discounted)"
        )
    )
    if found or waits:
        raise RuntimeError(
            f"{found} grades and {waits} items or editions say that an item was withheld; the "
            "schema of before has no place for that. Nothing has been changed."
        )
    op.drop_column("item", "regrade_since")
    op.drop_column("item_edition", "discounted")
    change_rules(AFTER, BEFORE)
    op.create_index("ix_grade_marking_id", "grade", ["marking_id"], unique=True)


def change_rules(old: dict[str, str], new: dict[str, str]) -> None:
    """Have the ledger obey *new* instead of *old*, and leave it without its index."""
    op.drop_index("ix_grade_marking_id", "grade")
    if op.get_bind().dialect.name == "postgresql":
        for name in old:
            op.drop_constraint(op.f(f"ck_grade_{name}"), "grade", type_="check")
        for name, says in new.items():
            op.create_check_constraint(op.f(f"ck_grade_{name}"), "grade", says)
        return
    make_anew("grade_anew", SAME | new)
    names = ", ".join(COLUMNS)
    op.execute(f"INSERT INTO grade_anew ({names}) SELECT {names} FROM grade")  # noqa: S608
    op.drop_table("grade")
    op.rename_table("grade_anew", "grade")


def make_anew(name: str, rules: dict[str, str]) -> None:
    op.create_table(
        name,
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("credit_num", sa.BigInteger()),
        sa.Column("credit_den", sa.BigInteger()),
        sa.Column("harms", sa.JSON(), nullable=False),
        sa.Column("case_version_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("marking_id", sa.Integer()),
        sa.Column("graded_by", sa.Integer()),
        sa.Column("graded_at", MOMENT, nullable=False),
        *(sa.CheckConstraint(says, name=op.f(f"ck_grade_{each}")) for each, says in rules.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_grade_{rest}"))
            for column, table, rest in (
                ("response_id", "response", "response_id_response"),
                ("case_version_id", "case_version", "case_version_id_case_version"),
                ("marking_id", "marking", "marking_id_marking"),
                ("graded_by", "user", "graded_by_user"),
            )
        ),
        sa.PrimaryKeyConstraint("response_id", "number", name=op.f("pk_grade")),
        sqlite_with_rowid=False,
    )
