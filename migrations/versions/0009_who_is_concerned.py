"""to whom quizzes are assigned, what fellows are granted, and sittings and freezes of attempts"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CANNOT_GO_BACK = {
    "an assignment to one fellow": "SELECT 1 FROM audience WHERE fellow_id IS NOT NULL",
    "an assignment to several audiences": (
        "SELECT 1 FROM audience GROUP BY assignment_id HAVING count(*) > 1"
    ),
    "an assignment to nobody": (
        "SELECT 1 FROM assignment WHERE id NOT IN (SELECT assignment_id FROM audience)"
    ),
    "an assignment whose results wait longer than its closing": (
        "SELECT 1 FROM assignment WHERE results_at <> closes_at"
    ),
    "an extension": "SELECT 1 FROM extension",
    "an accommodation": "SELECT 1 FROM accommodation",
    "a leave": "SELECT 1 FROM leave",
    "a freeze": 'SELECT 1 FROM "freeze"',
    "a reopened attempt": "SELECT 1 FROM sitting WHERE number > 1",
    "an attempt without a deadline": "SELECT 1 FROM attempt WHERE deadline_at IS NULL",
}
"""What the schema before has no place for, and how it is found."""


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def keys(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def rules_of(table: str, *without: str) -> list[sa.CheckConstraint]:
    """The rules of a table but those named, which SQLite, that builds it anew, would forget."""
    found = sa.inspect(op.get_bind()).get_check_constraints(table)
    return [
        sa.CheckConstraint(rule["sqltext"], name=op.f(rule["name"]))
        for rule in found
        if rule["name"] and rule["name"] not in without
    ]


def upgrade() -> None:
    create_audience()
    create_extension()
    create_accommodation_and_leave()
    create_sitting()
    create_freeze()
    op.execute(
        "INSERT INTO audience (assignment_id, cohort_id) SELECT id, cohort_id FROM assignment"
    )
    op.add_column("assignment", moment("results_at", nullable=True))
    op.execute("UPDATE assignment SET results_at = closes_at")
    op.drop_index(op.f("ix_assignment_cohort_id"), "assignment")
    with op.batch_alter_table("assignment", table_args=rules_of("assignment")) as table:
        table.alter_column("results_at", nullable=False)
        table.add_column(text("form_token", nullable=True))
        table.drop_constraint(op.f("fk_assignment_cohort_id_cohort"), type_="foreignkey")
        table.drop_column("cohort_id")
        table.create_check_constraint(op.f("ck_assignment_results"), "closes_at <= results_at")
        table.create_unique_constraint(op.f("uq_assignment_form_token"), ["form_token"])
    op.execute(
        "INSERT INTO sitting (attempt_id, number, began_at) SELECT id, 1, started_at FROM attempt"
    )
    with op.batch_alter_table("attempt", table_args=rules_of("attempt")) as table:
        table.alter_column("deadline_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        table.add_column(moment("frozen_at", nullable=True))
        table.create_check_constraint(
            op.f("ck_attempt_frozen"),
            "frozen_at IS NULL OR (state = 'in_progress' AND deadline_at IS NULL)",
        )


def create_audience() -> None:
    op.create_table(
        "audience",
        number("id"),
        number("assignment_id"),
        number("cohort_id", nullable=True),
        number("fellow_id", nullable=True),
        check("audience", "one_kind", "(cohort_id IS NULL) <> (fellow_id IS NULL)"),
        points_at("audience", "assignment_id", "assignment"),
        points_at("audience", "cohort_id", "cohort"),
        points_at("audience", "fellow_id", "user"),
        keys("audience", "id"),
        *(
            sa.UniqueConstraint("assignment_id", who, name=op.f(f"uq_audience_assignment_id_{who}"))
            for who in ("cohort_id", "fellow_id")
        ),
    )
    index("audience", "cohort_id")
    index("audience", "fellow_id")


def create_extension() -> None:
    op.create_table(
        "extension",
        number("id"),
        number("assignment_id"),
        number("fellow_id"),
        number("minutes"),
        moment("opens_at", nullable=True),
        moment("due_at", nullable=True),
        moment("closes_at", nullable=True),
        number("attempts"),
        text("reason"),
        number("granted_by"),
        moment("granted_at"),
        check("extension", "minutes", "minutes BETWEEN 0 AND 600"),
        check("extension", "attempts", "attempts BETWEEN 0 AND 9"),
        check("extension", "opens", "opens_at < due_at"),
        check("extension", "closes", "due_at <= closes_at"),
        points_at("extension", "assignment_id", "assignment"),
        points_at("extension", "fellow_id", "user"),
        points_at("extension", "granted_by", "user"),
        keys("extension", "id"),
    )
    index("extension", "assignment_id", "fellow_id")
    index("extension", "fellow_id")


def create_accommodation_and_leave() -> None:
    op.create_table(
        "accommodation",
        number("id"),
        number("fellow_id"),
        number("percent", nullable=True),
        number("days"),
        text("reason"),
        day("starts_on"),
        day("ends_on", nullable=True),
        number("granted_by"),
        moment("granted_at"),
        check("accommodation", "percent", "percent BETWEEN 125 AND 300"),
        check("accommodation", "days", "days BETWEEN 0 AND 30"),
        check("accommodation", "dates", "ends_on IS NULL OR starts_on <= ends_on"),
        points_at("accommodation", "fellow_id", "user"),
        points_at("accommodation", "granted_by", "user"),
        keys("accommodation", "id"),
    )
    index("accommodation", "fellow_id")
    op.create_table(
        "leave",
        number("id"),
        number("fellow_id"),
        day("starts_on"),
        day("ends_on"),
        check("leave", "dates", "starts_on <= ends_on"),
        points_at("leave", "fellow_id", "user"),
        keys("leave", "id"),
    )
    index("leave", "fellow_id")


def create_sitting() -> None:
    op.create_table(
        "sitting",
        number("attempt_id"),
        number("number"),
        moment("began_at"),
        moment("until", nullable=True),
        moment("closed_at", nullable=True),
        sa.Column("closed_by", sa.String(length=32)),
        number("opened_by", nullable=True),
        text("reason", nullable=True),
        check("sitting", "until", "(number = 1) = (until IS NULL)"),
        check("sitting", "reason", "(number = 1) = (reason IS NULL)"),
        check("sitting", "lasts", "began_at < until"),
        check("sitting", "closed", "(closed_at IS NULL) = (closed_by IS NULL)"),
        check("sitting", "submittedby", "closed_by IN ('fellow', 'clock')"),
        points_at("sitting", "attempt_id", "attempt"),
        points_at("sitting", "opened_by", "user"),
        keys("sitting", "attempt_id", "number"),
    )


def create_freeze() -> None:
    op.create_table(
        "freeze",
        number("id"),
        number("attempt_id"),
        moment("began_at"),
        moment("until", nullable=True),
        moment("ended_at", nullable=True),
        number("frozen_by", nullable=True),
        text("reason"),
        check("freeze", "lasts", "began_at < until"),
        check("freeze", "ended", "began_at <= ended_at"),
        points_at("freeze", "attempt_id", "attempt"),
        points_at("freeze", "frozen_by", "user"),
        keys("freeze", "id"),
    )
    index("freeze", "attempt_id")
    op.create_index(
        "ix_freeze_open",
        "freeze",
        ["attempt_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    for what, found in CANNOT_GO_BACK.items():
        if op.get_bind().execute(sa.text(found)).first() is not None:
            raise RuntimeError(
                f"There is {what}, for which the schema before has no place. "
                "Nothing was changed; go back to a copy of the database of that time instead."
            )
    rules = rules_of("attempt", "ck_attempt_frozen")
    with op.batch_alter_table("attempt", table_args=rules) as table:
        table.drop_constraint(op.f("ck_attempt_frozen"), type_="check")
        table.drop_column("frozen_at")
        table.alter_column("deadline_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.add_column("assignment", number("cohort_id", nullable=True))
    op.execute(
        "UPDATE assignment SET cohort_id ="
        " (SELECT cohort_id FROM audience WHERE assignment_id = assignment.id)"
    )
    rules = rules_of("assignment", "ck_assignment_results")
    with op.batch_alter_table("assignment", table_args=rules) as table:
        table.drop_constraint(op.f("uq_assignment_form_token"), type_="unique")
        table.drop_constraint(op.f("ck_assignment_results"), type_="check")
        table.drop_column("form_token")
        table.drop_column("results_at")
        table.alter_column("cohort_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(
            op.f("fk_assignment_cohort_id_cohort"), "cohort", ["cohort_id"], ["id"]
        )
    op.create_index(op.f("ix_assignment_cohort_id"), "assignment", ["cohort_id"])
    for name in ("freeze", "sitting", "leave", "accommodation", "extension", "audience"):
        op.drop_table(name)
