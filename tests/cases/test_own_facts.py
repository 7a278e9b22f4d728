"""What a program writes down of clinical knowledge itself, and finding a fact by what it says."""

from typing import Any

import pytest
from flask import Flask
from pydantic import TypeAdapter, ValidationError

from lms.cases.adding_facts import SaidAlready, SeriesFull, add_fact
from lms.cases.finding_facts import MOST, facts_saying
from lms.cases.knowledge import keep_lists, own_lists
from lms.cases.models import StoredFact
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.people.models import Role, User
from question_bank.case import FactId
from tests.attempts.statements import count_statements
from tests.factories import NOW, add, make_user
from tests.overlap import while_open

pytestmark = pytest.mark.usefixtures("in_app")

SAYS = "Oral baclofen does not replace intrathecal baclofen."
SOURCE = "Coffey RJ et al. Arch Phys Med Rehabil 2002;83:735."


def author() -> User:
    with transaction():
        return make_user(Role.FACULTY)


def added(person: User, statement: str = SAYS, source: str = SOURCE, read: str = "all"):
    with transaction():
        return add_fact(person, statement, source, read=read, now=NOW)


def kept(fact_id: str, statement: str, status: str = "solid", sources: Any = ()) -> None:
    """Keep a fact; for a transaction."""
    add(
        StoredFact(
            id=fact_id, status=status, read="all", statement=statement, sources=list(sources)
        )
    )


@pytest.mark.parametrize(
    ("read", "status"), [("all", "solid"), ("part", "check"), ("none", "check")]
)
def test_only_what_was_read_in_its_source_may_carry_a_key(read, status) -> None:
    person = author()
    fact = added(person, read=read)

    assert (fact.id, fact.status, fact.read) == ("X101", status, read)
    assert (fact.statement, fact.sources) == (SAYS, [SOURCE])
    assert (fact.added_by_id, fact.added_at) == (person.id, NOW)


def test_the_rules_know_it_and_a_start_of_the_service_keeps_it() -> None:
    added(author())
    with transaction():
        keep_lists(now=NOW)

    (known,) = own_lists().facts
    assert (known.id, known.status, known.statement) == ("X101", "solid", SAYS)


def test_that_somebody_added_it_is_noted() -> None:
    person = author()
    added(person, read="none")

    event = db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == "fact.add")).one()
    assert event.actor_id == person.id
    assert event.after == {"fact": "X101", "status": "check"}


def test_numbers_go_on_after_the_highest_and_pass_999() -> None:
    with transaction():
        kept("X12", "Shipped.")
        kept("X999", "The last of three digits.")

    assert added(author()).id == "X1000"
    assert added(author(), "Another.").id == "X1001"


def test_a_series_that_is_full_says_so() -> None:
    with transaction():
        kept("X9999", "The last of all.")

    with pytest.raises(SeriesFull):
        added(author())


def test_what_is_said_already_is_not_said_twice() -> None:
    person = author()
    added(person)

    with pytest.raises(SaidAlready, match="X101"):
        added(person, SAYS.upper())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"statement": ""}, "statement"),
        ({"statement": "s" * 2001}, "statement"),
        ({"source": ""}, "source"),
        ({"source": "s" * 1001}, "source"),
        ({"read": "some"}, "read"),
    ],
)
def test_what_is_wanting_is_said_at_its_field(said, field) -> None:
    with pytest.raises(Invalid) as refused:
        added(author(), **said)

    assert refused.value.field == field


def test_two_who_add_at_the_same_moment_get_two_numbers(app: Flask) -> None:
    person = author()

    def say(what: str) -> str:
        return add_fact(person, what, SOURCE, read="all", now=NOW).id

    second = while_open(app, lambda: say("One."), lambda: say("Two."))

    assert second == "X102"
    assert set(db.session.scalars(db.select(StoredFact.id))) == {"X101", "X102"}


@pytest.mark.parametrize("fact_id", ["P61", "X101", "X999", "X1000", "X9999"])
def test_ids_of_both_lists_are_ids(fact_id) -> None:
    assert TypeAdapter(FactId).validate_python(fact_id) == fact_id


@pytest.mark.parametrize("fact_id", ["P1000", "X1", "X10000", "x101", "P61 ", "XX10"])
def test_others_are_none(fact_id) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(FactId).validate_python(fact_id)


@pytest.fixture
def shelf(in_app: Flask) -> None:
    with transaction():
        kept("I65", "Baclofen withdrawal: itch, rebound spasticity, fever.")
        kept("I66", "Drowsy minutes to hours after a refill: suspect pocket fill of baclofen.")
        kept("P01", "Naloxone for everybody at risk.", sources=["CDC guideline 2022"])
        kept("P02", "Baclofen withdrawal again, unread.", status="check")


def found(words: str, **besides: Any) -> list[str]:
    return [fact.id for fact in facts_saying(words, **besides)]


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("words", "ids"),
    [
        pytest.param("baclofen WITHDRAWAL", ["I65", "P02", "I66"], id="most words first"),
        pytest.param("i66", ["I66"], id="an id in small letters"),
        pytest.param("guideline", ["P01"], id="a word of a source"),
        pytest.param("100%", [], id="signs that patterns know"),
        pytest.param("itch_ rebound\0spasticity", ["I65"], id="signs that nobody can keep"),
        pytest.param("", [], id="nothing"),
        pytest.param("zebra " * 8 + "baclofen", [], id="no more than eight words"),
    ],
)
def test_facts_are_found_by_what_they_say(words, ids) -> None:
    assert found(words) == ids


@pytest.mark.usefixtures("shelf")
def test_what_is_known_already_is_not_found_again() -> None:
    assert found("baclofen", besides=["I65"]) == ["I66", "P02"]


def test_however_many_there_are_twenty_are_found_by_one_statement() -> None:
    with transaction():
        for number in range(10, 70):
            kept(f"Y{number}", f"Pain number {number}.")

    with count_statements() as statements:
        assert len(found("pain")) == MOST

    assert len(statements) == 1
