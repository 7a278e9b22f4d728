"""which edition of its items a version of a case asks"""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

EDITIONS = sa.table(
    "item_edition",
    *(
        sa.column(name)
        for name in (
            "item_id", "case_version_id", "edition", "kind", "level", "topic", "condition",
            "fingerprint",
        )
    ),
)  # fmt: skip

VERSIONS = sa.text("SELECT id, case_id, body FROM case_version ORDER BY case_id, number").columns(
    id=sa.Integer, case_id=sa.Integer, body=sa.JSON
)
ITEMS = sa.text('SELECT id, case_id, key, kind, level, topic, "condition" FROM item')
ANSWERED = sa.text("SELECT DISTINCT item_id, case_version_id FROM response")


def upgrade() -> None:
    op.create_table(
        "item_edition",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("case_version_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_item_edition_edition")),
        sa.ForeignKeyConstraint(
            ["case_version_id"],
            ["case_version.id"],
            name=op.f("fk_item_edition_case_version_id_case_version"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_edition_item_id_item")
        ),
        sa.PrimaryKeyConstraint("item_id", "case_version_id", name=op.f("pk_item_edition")),
    )
    op.create_index("ix_item_edition_version", "item_edition", ["case_version_id"])
    rows = list(editions(op.get_bind()))
    if rows:
        op.get_bind().execute(sa.insert(EDITIONS), rows)


def downgrade() -> None:
    """The table says nothing that the bodies of versions do not: it is made again from them."""
    op.drop_index("ix_item_edition_version", "item_edition")
    op.drop_table("item_edition")


def editions(bind: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield a row for each item that each version asks, version by version.

    Where a damaged version cannot say what it asks, an item that has an answer in it goes on with
    the edition it had.
    """
    items: dict[int, dict[str, Any]] = {}
    for item in bind.execute(ITEMS):
        items.setdefault(item.case_id, {})[item.key] = item
    answered = {tuple(pair) for pair in bind.execute(ANSWERED)}
    known: dict[int, dict[int, str]] = {}
    newest: dict[int, int] = {}
    for version in bind.execute(VERSIONS):
        asked = dict(marks_of(version.body))
        for key, item in items.get(version.case_id, {}).items():
            mark, own = asked.get(key, ""), known.setdefault(item.id, {})
            if mark:
                newest[item.id] = number_of(mark, own)
                own[newest[item.id]] = mark
            elif (item.id, version.id) not in answered:
                continue
            yield {
                "item_id": item.id,
                "case_version_id": version.id,
                "edition": newest.get(item.id, 1),
                "kind": item.kind,
                "level": said(version.body, "level", item.level),
                "topic": said(version.body, "topic", item.topic),
                "condition": said(version.body, "condition", item.condition),
                "fingerprint": mark,
            }


def said(body: Any, name: str, otherwise: Any) -> Any:
    """Return what a body says under a name; where it is damaged, what its item says."""
    if not isinstance(body, dict) or "slug" not in body:
        return otherwise
    found = body.get(name)
    return found if isinstance(found, str) else None if name == "condition" else otherwise


def number_of(mark: str, known: dict[int, str]) -> int:
    same = [number for number, before in known.items() if before == mark]
    return max(same) if same else max(known, default=0) + 1


def marks_of(body: Any) -> Iterator[tuple[str, str]]:
    """Yield key and fingerprint of each item of a body that can be read."""
    parts = [body, *objects(body, "stages")] if isinstance(body, dict) else []
    for item in (item for part in parts for item in objects(part, "items")):
        try:
            asked = [item["type"], item["lead_in"], GISTS[item["type"]](item)]
        except (LookupError, TypeError, ValueError, ArithmeticError):
            continue
        canonical = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
        yield str(item.get("key")), hashlib.sha256(canonical.encode()).hexdigest()


def objects(part: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = part.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def right(options: Any) -> Any:
    return sorted([option["text"], option.get("key", False)] for option in options)


def numeric(item: dict[str, Any]) -> Any:
    value, tolerance = Fraction(Decimal(item["answer"])), item["tolerance"]
    if tolerance.get("absolute") is not None:
        span = Fraction(Decimal(tolerance["absolute"]))
    else:
        span = Fraction(Decimal(tolerance["relative"])) * abs(value)
    return [str(value), str(span), item.get("unit"), item.get("unit_required", False)]


def hotspot(item: dict[str, Any]) -> Any:
    return sorted(
        [region["text"], region.get("key", False), region["polygon"]] for region in item["regions"]
    )


def key_feature(item: dict[str, Any]) -> Any:
    options = (
        [option["text"], option.get("key", False), sorted(option.get("accept", ()))]
        for option in item["options"]
    )
    return [item["mode"], item["permitted"], sorted(options)]


def extended_matching(item: dict[str, Any]) -> Any:
    stems = sorted([stem["text"], stem["key"]] for stem in item["stems"])
    return [item["theme"], sorted(option["text"] for option in item["options"]), stems]


def matching(item: dict[str, Any]) -> Any:
    pairs = sorted([pair["left"], pair["right"]] for pair in item["pairs"])
    return [pairs, sorted(decoy["text"] for decoy in item.get("distractors", ()))]


def script_concordance(item: dict[str, Any]) -> Any:
    panel = item.get("panel")
    votes = panel["counts"] if panel else None
    return [item["scale"], item["idea"], item["finding"], votes]


def essay(item: dict[str, Any]) -> Any:
    return sorted(
        [[each["points"], each["text"]] for each in one["levels"]] for one in item["rubric"]
    )


GISTS = {
    "single_best_answer": lambda item: right(item["options"]),
    "multiple_response": lambda item: right(item["options"]),
    "numeric": numeric,
    "short_answer": lambda item: sorted(item["accept"]),
    "extended_matching": extended_matching,
    "matching": matching,
    "ordering": lambda item: [step["text"] for step in item["steps"]],
    "script_concordance": script_concordance,
    "key_feature": key_feature,
    "hotspot": hotspot,
    "essay": essay,
}
"""What a version's JSON says of an item's options and its key, as it was when this was written."""
