"""grades as a ledger: every one that a response was ever given, and which one counts"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

OLD = ("credit_num", "credit_den", "left_out", "waits", "harmful", "marks", "mark_note")
"""What a response said of its grade before there was a ledger."""

KEPT = (
    "id", "attempt_id", "position", "item_id", "case_version_id", "topic", "approach",
    "formative", "points", "order", "answer", "revision", "last_tab", "given_at", "saved_at",
    "flagged", "confidence", "stage", "locked_at",
)  # fmt: skip

response = sa.table(
    "response",
    *(sa.column(name) for name in ("id", "attempt_id", "case_version_id", "mark_note")),
    *(sa.column(name, sa.Integer()) for name in ("credit_num", "credit_den", "grade_number")),
    *(sa.column(name, sa.Boolean()) for name in ("left_out", "waits", "harmful")),
    sa.column("marks", sa.JSON(none_as_null=True)),
)
attempt = sa.table(
    "attempt",
    *(sa.column(name) for name in ("id", "state", "scored", "waiting")),
    *(sa.column(name, MOMENT) for name in ("graded_at", "saved_at")),
)
marking = sa.table(
    "marking",
    *(sa.column(name, sa.Integer()) for name in ("id", "response_id", "rater_id")),
    sa.column("levels", sa.JSON()),
    sa.column("note", sa.String()),
    sa.column("marked_at", MOMENT),
)
grade = sa.table(
    "grade",
    *(sa.column(name) for name in ("response_id", "number", "state", "credit_num", "credit_den")),
    sa.column("harms", sa.JSON()),
    *(sa.column(name) for name in ("case_version_id", "why", "marking_id", "graded_by")),
    sa.column("graded_at", MOMENT),
)
audit_event = sa.table(
    "audit_event",
    *(sa.column(name) for name in ("id", "action", "object_id")),
    sa.column("after", sa.JSON()),
)

FIRST = ["response_id", "number", "state", "credit_num", "credit_den", "harms",
         "case_version_id", "why", "graded_at"]  # fmt: skip

HARMS = sa.case((response.c.harmful, sa.literal(["unnamed"], sa.JSON())),
                else_=sa.literal([], sa.JSON()))  # fmt: skip
"""That an answer would have hurt the patient is known of what there is, by which act is not."""


def upgrade() -> None:
    make_tables()
    copy_markings()
    grade_what_nobody_marked()
    grade_what_was_marked()
    op.add_column("attempt", count("scored"))
    op.add_column("attempt", count("waiting"))
    op.execute(sa.update(attempt).values(scored=how_many("earned"), waiting=how_many("waits")))
    op.drop_column("attempt", "saved_at")
    drop_old_columns()


def make_tables() -> None:
    op.create_table(
        "marking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["rater_id"], ["user.id"], name=op.f("fk_marking_rater_id_user")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_marking_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marking")),
    )
    op.create_index(op.f("ix_marking_response_id"), "marking", ["response_id"])
    op.create_table(
        "grade",
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
        sa.CheckConstraint(
            "state IN ('earned', 'waits', 'left_out')", name=op.f("ck_grade_gradestate")
        ),
        sa.CheckConstraint("why IN ('graded', 'marked')", name=op.f("ck_grade_gradecause")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_grade_number")),
        sa.CheckConstraint(
            "(state = 'earned') = (credit_num IS NOT NULL)", name=op.f("ck_grade_state")
        ),
        sa.CheckConstraint(
            "(credit_num IS NULL) = (credit_den IS NULL)", name=op.f("ck_grade_credit")
        ),
        sa.CheckConstraint(
            "credit_num IS NULL OR credit_num BETWEEN 0 AND credit_den",
            name=op.f("ck_grade_range"),
        ),
        sa.CheckConstraint(
            "(why = 'marked') = (marking_id IS NOT NULL)", name=op.f("ck_grade_marked")
        ),
        sa.CheckConstraint(
            "marking_id IS NULL OR graded_by IS NOT NULL", name=op.f("ck_grade_rater")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_grade_response_id_response")
        ),
        sa.ForeignKeyConstraint(
            ["case_version_id"], ["case_version.id"],
            name=op.f("fk_grade_case_version_id_case_version"),
        ),
        sa.ForeignKeyConstraint(
            ["marking_id"], ["marking.id"], name=op.f("fk_grade_marking_id_marking")
        ),
        sa.ForeignKeyConstraint(["graded_by"], ["user.id"], name=op.f("fk_grade_graded_by_user")),
        sa.PrimaryKeyConstraint("response_id", "number", name=op.f("pk_grade")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_grade_marking_id", "grade", ["marking_id"], unique=True)


def copy_markings() -> None:
    columns = "id, response_id, rater_id, levels, note, marked_at"
    op.execute(f"INSERT INTO marking ({columns}) SELECT {columns} FROM mark")  # noqa: S608
    number_on("marking")
    op.drop_table("mark")


def number_on(table: str) -> None:
    """Let new rows be numbered after those that were copied."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608
            f"(SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
        )


def grade_what_nobody_marked() -> None:
    """Give each graded response its first grade; the credit of marked ones comes later."""
    is_marked = sa.exists().where(marking.c.response_id == response.c.id)
    state = sa.case(
        (is_marked | response.c.waits, "waits"),
        (response.c.credit_num.is_not(None), "earned"),
        else_="left_out",
    )
    op.execute(
        sa.insert(grade).from_select(
            FIRST,
            sa.select(
                response.c.id,
                sa.literal(1),
                state,
                sa.case((~is_marked, response.c.credit_num)),
                sa.case((~is_marked, response.c.credit_den)),
                HARMS,
                response.c.case_version_id,
                sa.literal("graded"),
                attempt.c.graded_at,
            )
            .join_from(response, attempt, attempt.c.id == response.c.attempt_id)
            .where(attempt.c.state == "graded"),
        )
    )


def grade_what_was_marked() -> None:
    """Append a grade for each marking, and let the last one count.

    The last one's credit is the response's; that of an earlier one stands in the audit trail.
    """
    op.add_column(
        "response", sa.Column("grade_number", sa.Integer(), nullable=False, server_default="1")
    )
    bind = op.get_bind()
    marked: dict[int, list[sa.Row[Any]]] = {}
    for row in bind.execute(sa.select(marking).order_by(marking.c.id)):
        marked.setdefault(row.response_id, []).append(row)
    for response_id, rows in marked.items():
        held = bind.execute(sa.select(response).where(response.c.id == response_id)).one()
        credits_ = [*credits_told(response_id, len(rows) - 1), (held.credit_num, held.credit_den)]
        graded = [
            (row, credit)
            for row, credit in zip(rows, credits_, strict=True)
            if credit is not None and credit[0] is not None
        ]
        for number, (row, (earned, of)) in enumerate(graded, start=2):
            bind.execute(
                sa.insert(grade).values(
                    response_id=response_id, number=number, state="earned", credit_num=earned,
                    credit_den=of, harms=["unnamed"] if held.harmful else [],
                    case_version_id=held.case_version_id, why="marked", marking_id=row.id,
                    graded_by=row.rater_id, graded_at=row.marked_at,
                )
            )  # fmt: skip
        bind.execute(
            sa.update(response)
            .where(response.c.id == response_id)
            .values(grade_number=1 + len(graded))
        )


def credits_told(response_id: int, earlier: int) -> Sequence[tuple[int, int] | None]:
    """Return what the audit trail says the *earlier* markings gave; None where it does not say."""
    told = op.get_bind().execute(
        sa.select(audit_event.c.after)
        .where(audit_event.c.action == "response.mark", audit_event.c.object_id == response_id)
        .order_by(audit_event.c.id)
    )
    credits_ = [Fraction(after["credit"]).as_integer_ratio() for (after,) in told][:-1]
    return [None] * (earlier - len(credits_)) + credits_[-earlier:] if earlier else []


def count(name: str) -> sa.Column[int]:
    check = sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_attempt_{name}"))
    return sa.Column(name, sa.Integer(), check, nullable=False, server_default="0")


def how_many(state: str) -> sa.ScalarSelect[int]:
    """Return how many responses of an attempt have a grade that counts and is in *state*."""
    return (
        sa.select(sa.func.count())
        .select_from(
            response.join(
                grade,
                (grade.c.response_id == response.c.id)
                & (grade.c.number == response.c.grade_number),
            )
        )
        .where(response.c.attempt_id == attempt.c.id, grade.c.state == state)
        .correlate(attempt)
        .scalar_subquery()
    )


def drop_old_columns() -> None:
    if op.get_bind().dialect.name == "postgresql":  # with them go the rules that name them
        for name in OLD:
            op.drop_column("response", name)
        return
    op.create_table("response_of_ledger", *response_columns())
    names = ", ".join(f'"{name}"' for name in (*KEPT, "grade_number"))
    op.execute(
        f"INSERT INTO response_of_ledger ({names}) SELECT {names} FROM response"  # noqa: S608
    )
    op.drop_table("response")
    op.rename_table("response_of_ledger", "response")
    op.create_index(op.f("ix_response_item_id"), "response", ["item_id"])


def response_columns() -> list[sa.schema.SchemaItem]:
    """Return what a response is; rules stand with their columns, so that both can be dropped."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("case_version_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False, server_default=""),
        sa.Column("approach", sa.String(), nullable=False, server_default=""),
        sa.Column("formative", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column(
            "points", sa.Integer(), check("points", "points >= 1"), nullable=False,
            server_default="1",
        ),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("last_tab", sa.String()),
        sa.Column("given_at", MOMENT),
        sa.Column("saved_at", MOMENT),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column(
            "confidence", sa.String(32),
            check("confidence", "confidence IN ('sure', 'leaning', 'guessing')"),
        ),
        sa.Column(
            "stage", sa.Integer(), check("stage", "stage >= 0"), nullable=False,
            server_default="0",
        ),
        sa.Column("locked_at", MOMENT),
        sa.Column("grade_number", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_response_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["case_version_id"],
            ["case_version.id"],
            name=op.f("fk_response_case_version_id_case_version"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_response_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_response_attempt_id_item_id")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_response_attempt_id_position")),
    ]  # fmt: skip


COUNTS = "grade.response_id = response.id AND grade.number = response.grade_number"

BACK = f"""
UPDATE response SET
    credit_num = (SELECT credit_num FROM grade WHERE {COUNTS}),
    credit_den = (SELECT credit_den FROM grade WHERE {COUNTS}),
    left_out = EXISTS (SELECT 1 FROM grade WHERE {COUNTS} AND state = 'left_out'),
    waits = EXISTS (SELECT 1 FROM grade WHERE {COUNTS} AND state = 'waits'),
    harmful = EXISTS (SELECT 1 FROM grade WHERE {COUNTS} AND CAST(harms AS VARCHAR) <> '[]'),
    marks = (SELECT marking.levels FROM marking
        JOIN grade ON grade.marking_id = marking.id WHERE {COUNTS}),
    mark_note = (SELECT nullif(marking.note, '') FROM marking
        JOIN grade ON grade.marking_id = marking.id WHERE {COUNTS})
"""  # noqa: S608

SAVED = """
UPDATE attempt SET saved_at = (
    SELECT max(moment) FROM (
        SELECT event.received_at AS moment FROM response_event AS event
        JOIN response ON response.id = event.response_id
        WHERE response.attempt_id = attempt.id AND NOT event.late
        UNION ALL
        SELECT response.locked_at FROM response WHERE response.attempt_id = attempt.id
    ) AS saves
)
"""
"""An attempt was saved last when its last answer came in time, or a stage was locked."""


def downgrade() -> None:
    refuse_what_would_be_lost()
    for column in old_columns():
        op.add_column("response", column)
    op.execute(BACK)
    op.add_column("attempt", sa.Column("saved_at", MOMENT))
    op.execute(SAVED)
    op.drop_column("attempt", "waiting")
    op.drop_column("attempt", "scored")
    op.drop_column("response", "grade_number")
    op.drop_table("grade")
    back_to_marks()


def refuse_what_would_be_lost() -> None:
    """The schema before holds one grade of a response, and marks; not an act of harm by name."""
    bind = op.get_bind()
    corrected = sa.select(sa.func.count()).where(grade.c.number > 1, grade.c.why != "marked")
    acts = sa.cast(grade.c.harms, sa.String())
    named = sa.select(sa.func.count()).where(acts.not_in(["[]", '["unnamed"]']))
    if found := bind.scalar(corrected):
        raise RuntimeError(
            f"{found} grades were given after a first one and not by a person's marks; the schema "
            "before has no place for the grades that they corrected."
        )
    if found := bind.scalar(named):
        raise RuntimeError(
            f"{found} grades name an act of harm; the schema before has no place for the name."
        )


def old_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("credit_num", sa.BigInteger()),
        sa.Column(
            "credit_den",
            sa.BigInteger(),
            check("credit", "(credit_num IS NULL) = (credit_den IS NULL)"),
            check("range", "credit_num IS NULL OR credit_num BETWEEN 0 AND credit_den"),
        ),
        *(
            sa.Column(name, sa.Boolean(), *rules, nullable=False, server_default=sa.false())
            for name, rules in {
                "left_out": [check("left_out", "NOT left_out OR credit_num IS NULL")],
                "waits": [check("waits", "NOT waits OR credit_num IS NULL")],
                "harmful": [],
            }.items()
        ),
        sa.Column("marks", sa.JSON()),
        sa.Column("mark_note", sa.String()),
    ]


def check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_response_{name}"))


def back_to_marks() -> None:
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("rater_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["rater_id"], ["user.id"], name=op.f("fk_mark_rater_id_user")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_mark_response_id_response")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
    )
    op.create_index(op.f("ix_mark_response_id"), "mark", ["response_id"])
    columns = "id, response_id, rater_id, levels, note, marked_at"
    op.execute(f"INSERT INTO mark ({columns}) SELECT {columns} FROM marking")  # noqa: S608
    number_on("mark")
    op.drop_table("marking")
