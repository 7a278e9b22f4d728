"""What who publishes says of a change: editions, signatures, and the attempts that run."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.attempts.models import Response
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, CaseVersion, Item, ItemEdition
from lms.cases.revisions import RightChanged, propose_revision, publish_version
from lms.cases.services import CaseChanged
from lms.cases.signing import signature_of, signed_cases
from lms.core.db import db, transaction
from lms.people.models import Role, User
from question_bank.case import parse_case
from question_bank.editions import AuthorsWord, edition_of
from question_bank.signatures import Signature, signature_at
from tests.attempts.factories import begin, case_body, choice_item, number_item
from tests.cases.texts import case_file, load, publisher, stored
from tests.factories import NOW, add, make_user

pytestmark = pytest.mark.usefixtures("in_app")

serial = count(1)


def other_key():
    item = choice_item()
    del item["options"][1]["key"]
    item["options"][2]["key"] = True
    return item


def other_lead():
    return choice_item(lead_in="Which step is the best next one of all?")


def revise(slug: str, *items, word: bool | None, named=()) -> CaseVersion:
    """Propose and publish that a case asks *items*, with the *word* of who publishes."""
    case = stored(slug)
    body = parse_case(case_body(*items, slug=slug))
    with transaction():
        version = propose_revision(publisher(), case.id, body, of=case.current_id, note="", now=NOW)
    with transaction():
        return publish_version(publisher(), version, word, NOW, items=named)


def editions_in(version: CaseVersion) -> dict[str, int]:
    rows = db.session.execute(
        select(Item.key, ItemEdition.edition)
        .join(ItemEdition, ItemEdition.item_id == Item.id)
        .where(ItemEdition.case_version_id == version.id)
    )
    return {row[0]: row[1] for row in rows}


def sign(version: CaseVersion, by: User | None = None) -> None:
    with transaction():
        add(
            Approval(
                case_version_id=version.id,
                kind=ApprovalKind.CLINICAL,
                who=ApprovedBy.PERSON,
                user_id=(by or make_user(Role.FACULTY)).id,
                at=NOW,
            )
        )


def current(slug: str) -> CaseVersion:
    return db.session.get_one(CaseVersion, stored(slug).current_id)


def test_an_edition_goes_on_where_the_author_says_that_only_words_have_changed() -> None:
    load(case_file("ward", choice_item(), number_item()))

    version = revise("ward", other_lead(), number_item(), word=False)

    assert editions_in(version) == {"next-step": 1, "total-dose": 1}


def test_what_was_reworded_is_known_by_both_wordings_afterwards() -> None:
    load(case_file("ward", choice_item()))
    revise("ward", other_lead(), word=False)

    load(case_file("ward", choice_item()))

    assert editions_in(current("ward")) == {"next-step": 1}


def test_an_edition_ends_where_the_author_says_so_though_the_item_reads_the_same() -> None:
    load(case_file("ward", choice_item(), number_item()))

    version = revise("ward", choice_item(points=2), number_item(), word=True, named=("next-step",))

    assert editions_in(version) == {"next-step": 2, "total-dose": 1}


def test_without_names_the_items_that_ask_otherwise_end_and_else_all() -> None:
    load(case_file("ward", choice_item(), number_item()))

    by_text = revise("ward", other_key(), number_item(), word=True)
    for_all = revise("ward", other_key() | {"points": 2}, number_item(), word=True)

    assert editions_in(by_text) == {"next-step": 2, "total-dose": 1}
    assert editions_in(for_all) == {"next-step": 3, "total-dose": 2}


def test_nobody_says_of_another_key_that_only_words_have_changed() -> None:
    load(case_file("ward", choice_item(), number_item()))

    with pytest.raises(RightChanged, match="in item 1, so this changes"):
        revise("ward", other_key(), number_item(), word=False)

    assert current("ward").number == 1


def test_an_item_with_another_key_ends_though_only_another_one_was_named() -> None:
    load(case_file("ward", choice_item(), number_item()))

    version = revise("ward", other_key(), number_item(), word=True, named=("total-dose",))

    assert editions_in(version) == {"next-step": 2, "total-dose": 2}


def test_a_signature_goes_on_over_wording_and_ends_with_what_is_right() -> None:
    load(case_file("ward", choice_item()))
    sign(current("ward"), make_user(Role.FACULTY, name="Dr. Leonora Hart"))

    same = signature_of(current("ward"))
    worded = signature_of(revise("ward", other_lead(), word=False))
    still = signed_cases([stored("ward").id])
    ended = signature_of(revise("ward", other_key(), word=True))

    assert (same.state, same.version, same.by) == (Signature.HOLDS, 1, "Dr. Leonora Hart")
    assert (worded.state, worded.version) == (Signature.WORDING, 1)
    assert still == {stored("ward").id}
    assert (ended.state, ended.version, ended.ended_by) == (Signature.ENDED, 1, 3)
    assert signed_cases([stored("ward").id]) == set()


def test_a_signature_that_has_ended_does_not_come_back_by_itself() -> None:
    load(case_file("ward", choice_item()))
    sign(current("ward"))
    revise("ward", other_key(), word=None)

    version = revise("ward", choice_item(), word=None)

    assert editions_in(version) == {"next-step": 1}
    assert signature_of(version).state is Signature.ENDED
    assert signed_cases([stored("ward").id]) == set()


def test_a_load_tells_by_fingerprints_as_before() -> None:
    load(case_file("ward", choice_item()))
    sign(current("ward"))

    load(case_file("ward", choice_item(points=2)))
    worded = signature_of(current("ward")).state
    load(case_file("ward", other_key()))

    assert worded is Signature.WORDING
    assert signature_of(current("ward")).state is Signature.ENDED


def test_a_running_attempt_keeps_the_version_it_began_with() -> None:
    load(case_file("ward", choice_item()))
    begin(cases=[stored("ward")])
    first = current("ward").id

    revise("ward", other_key(), word=True)

    assert set(db.session.scalars(select(Response.case_version_id))) == {first}


def test_only_what_is_proposed_still_is_published() -> None:
    load(case_file("ward", choice_item()))
    case = stored("ward")
    words = [parse_case(case_body(item, slug="ward")) for item in (other_lead(), other_key())]
    with transaction():
        old, new = (
            propose_revision(publisher(), case.id, body, of=case.current_id, note="", now=NOW)
            for body in words
        )

    with pytest.raises(CaseChanged), transaction():
        publish_version(publisher(), old, False, NOW)

    with transaction():
        publish_version(publisher(), new, True, NOW)
    with pytest.raises(CaseChanged), transaction():
        publish_version(publisher(), new, True, NOW)


ITEMS = {"a": choice_item, "b": other_lead, "c": other_key}

words = st.one_of(
    st.none(), st.just(frozenset()), st.sets(st.sampled_from(["next-step", "total-dose"]))
)
steps = st.lists(
    st.tuples(st.sampled_from("abc"), st.booleans(), words, st.booleans()), min_size=2, max_size=6
)


@settings(max_examples=25)
@given(steps)
def test_editions_and_signatures_are_what_was_said_at_each_publishing(history) -> None:
    """The rules in words, and what the rows say, agree after any history."""
    slug = f"story-{next(serial)}"
    known: dict[str, dict[int, set[str]]] = {}
    before: dict[str, int] = {}
    asked: dict[int, frozenset[tuple[int, int]]] = {}
    signed: list[int] = []
    looked = ""
    for number, (look, doses, word, signs) in enumerate(history, 1):
        items = [ITEMS[look]()] + ([number_item()] if doses else [])
        items[0]["points"] = 1 + number % 9
        said = word if before else None
        if number == 1:
            load(case_file(slug, *items))
            version = current(slug)
        else:
            named = frozenset(said or ()) & {item["key"] for item in items}
            turned = {"next-step"} if (look == "c") != (looked == "c") else set()
            said = None if said is None else named | turned
            version = revise(slug, *items, word=None if said is None else bool(said), named=named)
        marks = {"next-step": look, "total-dose": "dose"}
        expected = {}
        for item in items:
            key = item["key"]
            earlier = known.setdefault(key, {})
            expected[key] = (
                edition_of(marks[key], earlier)
                if said is None
                else AuthorsWord(said, before).edition_of(key, marks[key], earlier)
            )
            earlier.setdefault(expected[key], set()).add(marks[key])
        assert editions_in(version) == expected

        before, looked = expected, look
        asked[number] = frozenset((len(key), edition) for key, edition in expected.items())
        if signs:
            sign(version)
            signed.append(number)
        state = signature_at(number, signed, asked)
        found = signature_of(version)
        assert (found.state, found.version, found.ended_by) == (
            state.state,
            state.version,
            state.ended_by,
        )
        assert bool(signed_cases([version.case_id])) == state.good
