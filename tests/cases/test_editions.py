"""Which edition of an item each version asks, as loads keep it and as the migration finds it."""

import json

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.cases.content import starter_files
from lms.cases.models import CaseVersion, Item, ItemEdition, StoredCase
from lms.core.db import db, transaction
from tests.attempts.factories import begin, choice_item, number_item
from tests.attempts.kinds import EVERY_KIND, unfolding
from tests.cases.texts import case_file, have_first_format, load, stored
from tests.test_schema import empty

__all__ = ["empty"]

in_app = pytest.mark.usefixtures("in_app")


def other_key(key: str = "next-step"):
    item = choice_item(key)
    del item["options"][1]["key"]
    item["options"][2]["key"] = True
    return item


def other_reasons(key: str = "next-step"):
    return choice_item(key, covered_answer=f"Another {key}", points=2)


def editions() -> list[tuple[str, int, int]]:
    """Return key, number of the version and edition of every item, version by version."""
    rows = db.session.execute(
        select(Item.key, CaseVersion.number, ItemEdition.edition)
        .join(ItemEdition, ItemEdition.item_id == Item.id)
        .join(CaseVersion, CaseVersion.id == ItemEdition.case_version_id)
        .order_by(CaseVersion.case_id, CaseVersion.number, Item.key)
    )
    return [(row[0], row[1], row[2]) for row in rows]


@in_app
def test_an_edition_ends_when_the_key_changes_and_not_with_the_reasons() -> None:
    for item in (choice_item(), other_reasons(), other_key()):
        load(case_file("ward", item, number_item()))

    assert editions() == [
        ("next-step", 1, 1),
        ("total-dose", 1, 1),
        ("next-step", 2, 1),
        ("total-dose", 2, 1),
        ("next-step", 3, 2),
        ("total-dose", 3, 1),
    ]


@in_app
def test_a_case_that_says_again_what_it_said_asks_the_same_edition() -> None:
    for item in (choice_item(), other_key(), choice_item()):
        load(case_file("ward", item))

    assert editions() == [("next-step", 1, 1), ("next-step", 2, 2), ("next-step", 3, 1)]


@in_app
def test_what_was_asked_before_another_edition_goes_on_as_the_same() -> None:
    for item in (choice_item(), other_key(), other_reasons()):
        load(case_file("ward", item))

    assert editions() == [("next-step", 1, 1), ("next-step", 2, 2), ("next-step", 3, 1)]


@in_app
def test_a_starter_case_in_other_words_asks_the_same_edition() -> None:
    (now,) = (each for each in starter_files() if each[0].endswith("a-dose-that-climbs.yaml"))
    before = (
        now[0],
        now[1].replace("Which steps does he need today?", "Which steps are taken today?"),
    )
    other = now[0], now[1].replace("Which steps does he need today?", "Which steps fit him best?")

    for file in (before, now, other):
        load(file)

    assert [row for row in editions() if row[0] == "today"] == [
        ("today", 1, 1),
        ("today", 2, 1),
        ("today", 3, 2),
    ]


@in_app
def test_an_item_that_a_version_does_not_ask_has_no_edition_in_it() -> None:
    load(case_file("ward", choice_item(), number_item()))
    load(case_file("ward", choice_item()))

    assert ("total-dose", 2, 1) not in editions()
    assert ("next-step", 2, 1) in editions()


def all_editions() -> list[tuple[object, ...]]:
    columns = tuple(ItemEdition.__table__.columns)
    rows = db.session.execute(select(*columns).order_by(*columns[:2]))
    return [tuple(row) for row in rows]


def test_the_migration_finds_what_loads_would_have_kept(empty: Flask) -> None:
    flask_migrate.upgrade()
    load(*starter_files())
    for item in (choice_item(), other_reasons(), other_key(), choice_item(points=4)):
        load(case_file("ward", item))
    load(("staged.yaml", json.dumps(unfolding())), case_file("kinds", *EVERY_KIND))
    kept = all_editions()
    have_first_format()
    db.session.remove()

    flask_migrate.downgrade(revision="0006")
    flask_migrate.upgrade()

    assert len(kept) > 60
    assert all_editions() == kept


def damage(slug: str, number: int, body: object) -> None:
    """Have a version hold *body*."""
    case_id = select(StoredCase.id).where(StoredCase.slug == slug).scalar_subquery()
    of_it = (CaseVersion.case_id == case_id, CaseVersion.number == number)
    with transaction():
        db.session.execute(update(CaseVersion).where(*of_it).values(body=body))


def test_damaged_versions_do_not_stop_it_and_keep_the_edition_of_what_was_answered(
    empty: Flask,
) -> None:
    flask_migrate.upgrade()
    load(case_file("ward", choice_item()), case_file("other", choice_item()))
    load(case_file("ward", other_key()))
    begin(cases=[stored("ward")])
    damage("ward", 2, {"items": ["gone", {"key": 1}, choice_item() | {"options": "gone"}]})
    damage("other", 1, "gone")
    have_first_format()
    db.session.remove()

    flask_migrate.downgrade(revision="0006")
    flask_migrate.upgrade()

    assert editions() == [("next-step", 1, 1), ("next-step", 2, 1)]
