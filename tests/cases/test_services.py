"""Bringing cases into the bank."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from lms.cases import queries
from lms.cases.content import starter_files
from lms.cases.incoming import read_incoming
from lms.cases.models import CaseVersion, Item, StoredCase
from lms.cases.services import BATCH, bring_in, load_cases
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.program import blueprint
from tests.attempts.statements import count_statements
from tests.cases import texts
from tests.cases.texts import case_file, publisher
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("in_app")


def load(files, now=NOW, *, by=None):
    with transaction():
        return load_cases(by and by(), files, now=now)


def rows(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_starter_bank_comes_in_whole() -> None:
    files = starter_files()

    report = load(files)

    assert report.problems == []
    assert len(report.new) == len(files) == rows(StoredCase) == rows(CaseVersion)
    assert rows(Item) >= 30


def test_loading_again_changes_nothing() -> None:
    load(starter_files())
    versions = rows(CaseVersion)

    report = load(starter_files(), now=NOW + timedelta(days=1))

    assert report.new == report.changed == []
    assert rows(CaseVersion) == versions


def test_twenty_cases_are_brought_in_by_as_many_statements_as_two() -> None:
    def sent(first: int, last: int, **changes: str) -> int:
        files = [case_file(f"case-{n}", **changes) for n in range(first, last)]
        incoming, problems = read_incoming(files)
        with transaction():
            actor = publisher()
        with count_statements() as statements, transaction():
            report = bring_in(actor, incoming, problems, now=NOW)
        assert len(report.new) + len(report.proposed) == last - first
        return len(statements)

    assert sent(0, 2) == sent(2, 22)
    assert sent(0, 2, takeaway="Wait.") == sent(2, 22, takeaway="Wait.")


def test_more_cases_than_one_batch_has_all_come_in() -> None:
    files = [case_file(f"case-{n}") for n in range(BATCH + 1)]

    report = load(files, by=publisher)

    assert len(report.new) == BATCH + 1 == rows(StoredCase) == rows(CaseVersion) == rows(Item)
    assert len(load(files, by=publisher).unchanged) == BATCH + 1


def test_what_a_case_says_anew_becomes_a_version_and_the_old_one_stays() -> None:
    name, text = starter_files()[0]
    load([(name, text)])
    before = db.session.scalars(select(CaseVersion)).one()
    old_hash = before.content_hash

    report = load([(name, text.replace("takeaway: ", "takeaway: Again, ", 1))], by=publisher)

    versions = db.session.scalars(select(CaseVersion).order_by(CaseVersion.number)).all()
    case = db.session.scalars(select(StoredCase)).one()
    assert report.changed == [case.slug]
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].content_hash == old_hash
    assert case.current_id == versions[1].id


def test_going_back_to_an_earlier_text_is_another_version_that_says_the_same() -> None:
    name, text = starter_files()[0]
    texts.load((name, text))
    texts.load((name, text.replace("takeaway: ", "takeaway: Again, ", 1)))

    texts.load((name, text))

    case = db.session.scalars(select(StoredCase)).one()
    first, _, last = db.session.scalars(select(CaseVersion).order_by(CaseVersion.number))
    assert case.current_id == last.id
    assert first.said_hash == last.said_hash
    assert first.body == last.body


def test_a_file_with_a_problem_is_named_and_the_others_come_in() -> None:
    good, other = starter_files()[:2]

    report = load([good, (other[0], other[1].replace("lead_in:", "lead_on:", 1))])

    assert len(report.new) == 1
    assert any(line.startswith(f"{other[0]}:") and "lead_on" in line for line in report.problems)


def test_an_unknown_topic_is_a_problem() -> None:
    name, text = starter_files()[0]
    line = next(each for each in text.splitlines() if each.startswith("topic: "))

    report = load([(name, text.replace(line, "topic: pharm-homeopathy"))])

    assert report.new == []
    assert "topic" in report.problems[0]


def test_the_pool_of_a_track_keeps_cases_together_in_the_blueprints_order() -> None:
    load(starter_files())

    pool = queries.pool("ipm", ["scored"], NOW.date())

    topics = [item.topic for item in pool]
    cases = [item.case_id for item in pool]
    assert len(pool) == len({item.item_id for item in pool})
    assert topics == sorted(topics, key=[t.id for t in blueprint.blueprint().topics].index)
    assert len({(a, b) for a, b in pairwise(cases) if a != b}) == (len(set(cases)) - 1)


def test_there_is_no_case_under_an_unknown_slug() -> None:
    with pytest.raises(NotFound):
        queries.case_by_slug("no-such-case")
