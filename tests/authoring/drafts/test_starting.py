"""The ways a draft begins."""

import pytest
from flask import Flask

from lms.attempts.secrecy import KeysKept
from lms.authoring.drafts import queries, starting
from lms.authoring.models import Draft, DraftState, Review, ReviewStage
from lms.cases.queries import case_by_slug
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.people.models import Role, User
from question_bank.case import said_hash
from question_bank.drafts.opening import read_draft
from tests.authoring.drafts.factories import as_kept
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_cohort, make_user

pytestmark = pytest.mark.usefixtures("in_app")

TOPIC, LEVEL, SETTING = "pharm-opioid-prescribing", "judgement", "setting-emergency"


@pytest.fixture
def author(in_app: Flask) -> User:
    load(case_file("ward", decision="Whether to give naloxone along."))
    with transaction():
        return make_author("Dr. Ada")


def begun(act) -> Draft:
    with transaction():
        draft_id = act().id
    return as_kept(draft_id)


def test_a_blank_draft_says_nothing_and_is_its_owners(author) -> None:
    draft = begun(lambda: starting.blank(author, now=NOW))

    assert (draft.owner_id, draft.revision, draft.state) == (author.id, 0, DraftState.WRITING)
    assert (draft.case_id, draft.base_id) == (None, None)
    assert queries.event_of(draft, 0).note == "Begun with nothing"
    deed = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (deed.action, deed.object_id) == ("draft.begin", draft.id)


def test_a_draft_for_a_gap_has_its_tags_and_an_item_of_its_level(author) -> None:
    draft = begun(
        lambda: starting.of_gap(author, topic=TOPIC, level=LEVEL, setting=SETTING, now=NOW)
    )

    (item,) = draft.body["stages"][0]["items"]
    assert (draft.body["topic"], draft.body["setting"], item["level"]) == (TOPIC, SETTING, LEVEL)


def test_what_a_gap_leaves_open_is_left_open(author) -> None:
    draft = begun(lambda: starting.of_gap(author, topic=TOPIC, level="", setting="", now=NOW))

    assert draft.body["topic"] == TOPIC
    assert "setting" not in draft.body


@pytest.mark.parametrize("field", ["topic", "level", "setting"])
def test_the_blueprint_knows_the_tags_of_a_gap(author, field) -> None:
    asked = {"topic": TOPIC, "level": LEVEL, "setting": SETTING} | {field: "no-such-thing"}
    with pytest.raises(Invalid, match="no-such-thing") as refused, transaction():
        starting.of_gap(author, **asked, now=NOW)

    assert refused.value.field == field


def test_a_sibling_asks_for_the_same_decision_and_tells_another_story(author) -> None:
    draft = begun(lambda: starting.of_sibling(author, "ward", now=NOW))

    known = case_by_slug("ward").body
    assert draft.body["sibling_of"] == "ward"
    assert draft.body["decision"] == known.decision
    assert (draft.body["topic"], draft.body["facts"]) == (known.topic, list(known.facts))
    assert not {"title", "slug", "takeaway"} & draft.body.keys()
    assert "text" not in str(draft.body.get("stages", ""))
    assert draft.case_id is None


def test_a_revision_begins_with_what_the_case_says(author) -> None:
    draft = begun(lambda: starting.of_version(author, "ward", now=NOW))

    known = case_by_slug("ward")
    assert said_hash(read_draft(draft.body)) == said_hash(known.body)
    assert (draft.case_id, draft.base_id) == (known.case.id, known.version.id)
    assert queries.event_of(draft, 0).note == "Begun from version 1"


def test_to_revise_a_case_again_leads_to_its_open_draft(author) -> None:
    with transaction():
        other = make_author()
    first = begun(lambda: starting.of_version(author, "ward", now=NOW))
    second = begun(lambda: starting.of_version(other, "ward", now=NOW))

    assert (second.id, second.owner_id) == (first.id, author.id)


def test_after_a_draft_was_dropped_another_is_begun_and_the_first_stays_put(author) -> None:
    first = begun(lambda: starting.of_version(author, "ward", now=NOW))
    with transaction():
        starting.drop(author, first.id, now=NOW)
    second = begun(lambda: starting.of_version(author, "ward", now=NOW))

    assert second.id != first.id
    with pytest.raises(starting.AnotherIsOpen), transaction():
        starting.take_up(author, first.id, now=NOW)


@pytest.mark.parametrize("start", [starting.of_sibling, starting.of_version])
def test_a_fellow_who_writes_cases_begins_nothing_from_those_of_others(author, start) -> None:
    with transaction():
        chief = make_user(Role.FELLOW, Role.FACULTY)
        make_cohort(chief)

    with pytest.raises(KeysKept), transaction():
        start(chief, "ward", now=NOW)


@pytest.mark.parametrize("start", [starting.of_sibling, starting.of_version])
def test_nothing_is_begun_from_a_case_that_is_not_there(author, start) -> None:
    with pytest.raises(NotFound), transaction():
        start(author, "no-such-case", now=NOW)


@pytest.mark.parametrize("text", ["", "  \n", "x" * 20_001])
def test_nothing_is_begun_with_a_text_that_is_none_or_too_long(author, text) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        starting.of_text(author, text, now=NOW)

    assert refused.value.field == "text"


def test_a_pasted_question_splits_into_story_lead_in_and_options(author) -> None:
    pasted = "He has pain.\nWhat is next?\nA. Wait\nB. Act\nAnswer: B"
    draft = begun(lambda: starting.of_text(author, pasted, now=NOW))

    (stage,) = draft.body["stages"]
    (item,) = stage["items"]
    assert (stage["text"], item["lead_in"]) == ("He has pain.", "What is next?")
    assert [each["text"] for each in item["options"]] == ["Wait", "Act"]


def test_who_reviews_what_is_dropped_need_not_any_more(author) -> None:
    with transaction():
        draft = kept_draft(author, stored("ward"))
        reviewer = make_author()
        review = Review(
            draft_id=draft.id,
            case_version_id=draft.base_id,
            reviewer_id=reviewer.id,
            asked_by_id=author.id,
            asked_at=NOW,
        )
        db.session.add(review)
    with transaction():
        starting.drop(author, draft.id, now=NOW)

    stages = db.session.scalars(db.select(Review.stage)).all()
    assert stages == [ReviewStage.WITHDRAWN]
