"""Sending, answering blind, judging, settling, publishing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.attempts.secrecy import AnswerFirst
from lms.authoring.drafts.services import save
from lms.authoring.drafts.taking_up import published_since
from lms.authoring.models import CommentEnd, Draft, DraftState, Review, ReviewStage
from lms.authoring.publishing.services import ALONE, NotCleared, clearance, publish_cleared
from lms.authoring.reviews import judging, queries
from lms.authoring.reviews.ending import decline
from lms.authoring.sending.asking import ask_about
from lms.authoring.sending.services import (
    DraftIncomplete,
    NotReviewer,
    NotWithdrawable,
    SlugMisspelt,
    SlugTaken,
    ask_reviewer,
    fit_to_judge,
    send_to_review,
    withdraw_review,
)
from lms.cases.models import CaseVersion
from lms.cases.settings import PUBLISHING, Publishing
from lms.cases.versions import add_version, newest_version
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.core.mail import Message
from lms.core.settings import change_settings_of_program
from lms.people.models import Role
from lms.people.queries import user_by_id
from question_bank.case import InvalidCase, parse_case
from question_bank.reviewing import next_review
from question_bank.shapes import SLUG, is_slug
from tests.attempts.factories import case_body, choice_item
from tests.authoring.reviews.factories import (
    ALL_YES,
    advanced,
    answered,
    make_draft,
    make_revision,
    sent,
    staff,
)
from tests.cases.texts import case_file, load, publisher, stored
from tests.factories import NOW, make_cohort, make_user

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def people():
    with transaction():
        return staff("Dr. Author", "Dr. Reviewer", "Dr. Third")


def fresh(row):
    return db.session.get_one(type(row), row.id, populate_existing=True)


def told() -> list[str]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


def test_a_new_case_gets_its_row_when_it_is_sent_and_reaches_nobody(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)

    (review,) = sent(draft, author, [reviewer])

    case = stored("ward")
    version = fresh(db.session.get_one(CaseVersion, review.case_version_id))
    assert (case.current_id, case.owner_id, case.items) == (None, author.id, [])
    assert (version.number, version.author_id, version.change_note) == (1, author.id, "New")
    draft = fresh(draft)
    assert (draft.case_id, draft.version_id, draft.state) == (
        case.id,
        version.id,
        DraftState.IN_REVIEW,
    )
    assert told() == ["review_asked"]


def test_what_is_missing_is_named_with_its_place_and_nothing_is_sent(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)
        draft.body = {name: draft.body[name] for name in draft.body if name != "takeaway"}

    with pytest.raises(DraftIncomplete) as refused, transaction():
        send_to_review(author, draft, [reviewer], None, "", NOW)

    assert [each.field for each in refused.value.missing] == ["takeaway"]
    assert db.session.scalar(select(Review.id)) is None
    assert fresh(draft).state is DraftState.WRITING


@given(st.one_of(st.text(min_size=1), st.from_regex(SLUG), st.from_regex(r"[a-z0-9-]{1,90}")))
def test_only_names_that_a_case_can_be_read_with_are_slugs(name: str) -> None:
    body = case_body(choice_item(), slug=name)
    try:
        readable = parse_case(body).slug == name
    except InvalidCase:
        readable = False

    assert is_slug(name) is readable


@pytest.mark.parametrize("name", ["Not A Slug", "a--b", "-a", "a_b", "ä", "a" * 81, "a\n"])
def test_a_name_that_is_no_slug_is_refused_at_its_field(people, name: str) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)

    with pytest.raises(SlugMisspelt) as refused, transaction():
        send_to_review(author, draft, [reviewer], None, "", NOW, slug=name)

    assert refused.value.field == "slug"
    assert db.session.scalar(select(CaseVersion.id)) is None


def test_no_version_is_kept_that_could_not_be_read_again(people) -> None:
    load(case_file("ward", choice_item()))
    case = stored("ward")
    broken = parse_case(case_body(choice_item(), slug="ward")).model_copy(update={"title": ""})

    with pytest.raises(InvalidCase), transaction():
        add_version(case, broken, author=None, note="", of=None, now=NOW)

    assert newest_version(stored("ward")).number == 1


def test_the_name_of_another_case_is_not_given_again(people) -> None:
    author, reviewer, _ = people
    load(case_file("taken", choice_item()))
    with transaction():
        draft = make_draft(author)

    with pytest.raises(SlugTaken), transaction():
        send_to_review(author, draft, [reviewer], None, "", NOW, slug="taken")


def test_who_wrote_in_it_or_may_be_asked_it_is_no_reviewer(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)
        both = make_user(Role.FACULTY, Role.FELLOW)
        make_cohort(both)

    for nobody in (author, both):
        with pytest.raises(NotReviewer), transaction():
            send_to_review(user_by_id(author.id), draft, [nobody], None, "", NOW)
    with pytest.raises(NotReviewer), transaction():
        send_to_review(user_by_id(author.id), draft, [], None, "", NOW)
    offered = queries.may_be_asked({author.id}, None, NOW)
    chosen = offered.chosen([author.id, reviewer.id, both.id])
    assert [row.id for row in chosen] == [reviewer.id]


def test_a_draft_that_has_not_changed_is_sent_to_a_second_reviewer_as_the_same_version(
    people,
) -> None:
    author, reviewer, third = people
    with transaction():
        draft = make_draft(author)

    sent(draft, author, [reviewer])
    reviews = sent(fresh(draft), author, [reviewer, third])

    assert [each.reviewer_id for each in reviews] == [reviewer.id, third.id]
    assert told() == ["review_asked"] * 2


def test_blind_answers_are_kept_once_and_stay(people) -> None:
    author, reviewer, third = people
    with transaction():
        draft = make_draft(author)
    (review,) = sent(draft, author, [reviewer])
    answered(review, reviewer, {"next-step": {"index": 2}})

    with pytest.raises(judging.AnsweredAlready), transaction():
        judging.keep_blind_answers(reviewer, review, {"next-step": {"index": 1}}, now=NOW)
    with pytest.raises(judging.Decided), transaction():
        judging.judge(third, review, ALL_YES, {})

    assert fresh(review).answers == {"next-step": {"index": 2}}


def test_nothing_is_judged_before_it_is_answered(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)
    (review,) = sent(draft, author, [reviewer])

    for act in (
        lambda: judging.judge(reviewer, review, ALL_YES, {}),
        lambda: judging.comment(reviewer, review, path="title", quoted="A", text="?", now=NOW),
        lambda: judging.give_back(reviewer, review, now=NOW),
    ):
        with pytest.raises(judging.Decided), transaction():
            act()


def test_a_no_or_a_comment_wants_a_reason_to_advance(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)
    (review,) = sent(draft, author, [reviewer])
    review = answered(review, reviewer)
    some = {name: said for name, said in ALL_YES.items() if name != "current"}
    a_no = ALL_YES | {"current": {"yes": False, "missing": "An older guideline."}}

    for said in (some, a_no):
        with transaction():
            judging.judge(reviewer, review, said, {})
        with pytest.raises(judging.NotYetAdvanced), transaction():
            judging.advance(reviewer, review, reason="", now=NOW)
    with transaction():
        judging.advance(reviewer, review, reason="The newer one says the same.", now=NOW)

    assert fresh(review).stage is ReviewStage.ADVANCED
    assert told()[-1] == "case_advanced"


def returned(people, draft: Draft) -> Review:
    author, reviewer, _ = people
    (review,) = sent(draft, author, [reviewer])
    review = answered(review, reviewer)
    with transaction():
        for words in ("next-step second", "next-step third"):
            judging.comment(
                reviewer, review, path="items[0].options[1].text", quoted=words, text="?", now=NOW
            )
        assert judging.give_back(reviewer, review, now=NOW) == 2
    return fresh(review)


def test_nobody_is_asked_about_the_own_words_in_the_draft_of_somebody_else(people) -> None:
    author, second, third = (user_by_id(each.id) for each in people)
    with transaction():
        draft = make_draft(author)
    sent(draft, author, [third])
    with transaction():
        fresh(draft).state = DraftState.DROPPED
        again = make_draft(second)
        again.case_id, again.base_id = draft.case_id, fresh(draft).version_id

    assert fit_to_judge(again, NOW).chosen([author.id]) == []
    with pytest.raises(NotReviewer):
        sent(again, second, [author])


def test_nobody_lets_the_own_words_pass_in_the_draft_of_somebody_else(people) -> None:
    author, second, third = (user_by_id(each.id) for each in people)
    with transaction():
        draft = make_draft(author)
    sent(draft, author, [third])
    with transaction():
        fresh(draft).state = DraftState.DROPPED
        again = make_draft(second)
        again.case_id, again.base_id = draft.case_id, fresh(draft).version_id
    (by_third,) = sent(again, second, [third])
    with transaction():
        version = version_of(by_third)
        review = ask_reviewer(second, fresh(again), version, author, None, NOW)
    advanced(review, author)

    assert clearance(second, version_of(review)).why_not


def test_who_declines_a_review_says_why_and_the_author_hears(people) -> None:
    author, reviewer, third = people
    with transaction():
        draft = make_draft(author)
    first, second = sent(draft, author, [reviewer, third])

    with transaction():
        decline(reviewer, first, "No time this week.", now=NOW)
    after_one = fresh(draft).state
    second = answered(second, third)
    with transaction():
        decline(third, second, "Not my field.", now=NOW)

    assert (after_one, fresh(draft).state) == (DraftState.IN_REVIEW, DraftState.WRITING)
    declined = fresh(first)
    assert (declined.stage, declined.reason) == (
        ReviewStage.WITHDRAWN,
        "Declined: No time this week.",
    )
    assert told()[-2:] == ["review_declined", "review_declined"]
    mail = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert mail.recipient_id == author.id
    assert b"Not my field." not in mail.raw, "who has seen the key may name it"
    assert f"/drafts/{draft.id}/threads".encode() in mail.raw


def test_what_another_advanced_waits_to_be_published_when_one_declines(people) -> None:
    author, reviewer, third = people
    with transaction():
        draft = make_draft(author)
    first, second = sent(draft, author, [reviewer, third])
    advanced(first, reviewer)

    with transaction():
        decline(third, second, "No time.", now=NOW)

    assert fresh(draft).state is DraftState.IN_REVIEW
    with pytest.raises(judging.Decided), transaction():
        decline(third, fresh(second), "Again.", now=NOW)


def test_no_case_is_returned_without_a_word_on_what_to_mend(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)
    (review,) = sent(draft, author, [reviewer])
    review = answered(review, reviewer)

    with pytest.raises(judging.NothingToMend), transaction():
        judging.give_back(reviewer, review, now=NOW)
    with transaction():
        no = {"spare": {"yes": False, "missing": "Drop the last sentence."}}
        judging.judge(reviewer, review, ALL_YES | no, {})
        judging.give_back(reviewer, review, now=NOW)

    assert fresh(draft).state is DraftState.RETURNED


def test_who_publishes_what_one_advanced_learns_that_another_returned_it(people) -> None:
    author, reviewer, third = people
    with transaction():
        draft = make_draft(author)
    first, second = sent(draft, author, [reviewer, third])
    advanced(first, reviewer)
    waits = clearance(author, version_of(first))
    second = answered(second, third)
    with transaction():
        no = {"spare": {"yes": False, "missing": "Drop the last sentence."}}
        judging.judge(third, second, ALL_YES | no, {})
        judging.give_back(third, second, now=NOW)

    found = clearance(author, version_of(first))

    assert [each.reviewer_id for each in waits.besides] == [third.id]
    assert [(each.reviewer_id, each.stage) for each in found.besides] == [
        (third.id, ReviewStage.RETURNED)
    ]


def test_a_returned_case_is_mended_and_comes_back_to_the_same_reviewer(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)
    review = returned(people, draft)
    assert fresh(draft).state is DraftState.RETURNED
    assert told()[-1] == "review_returned"
    first, second = (each.comment for each in queries.threads_of_draft(fresh(draft)))

    with transaction():
        judging.settle(author, first.id, CommentEnd.MENDED, "", now=NOW)
    with pytest.raises(Invalid), transaction():
        judging.settle(author, second.id, CommentEnd.DISAGREED, " ", now=NOW)
    with transaction():
        judging.settle(author, second.id, CommentEnd.DISAGREED, "It is right.", now=NOW)
        draft = fresh(draft)
        stage = draft.body["stages"][0]
        options = stage["items"][0]["options"]
        changed = [
            {**each, "text": "Another second"} if number == 1 else each
            for number, each in enumerate(options)
        ]
        item = {**stage["items"][0], "options": changed}
        draft.body = {**draft.body, "stages": [{**stage, "items": [item]}]}
    (again,) = sent(draft, user_by_id(author.id), [reviewer])

    threads = queries.earlier_threads(queries.asked_review(again.id))
    assert [(each.gone, each.comment.settled.value, each.settled_by) for each in threads] == [
        ("version 2", "mended", author.name),
        ("", "disagreed", author.name),
    ]
    assert again.case_version_id != review.case_version_id


def test_a_version_that_came_meanwhile_stops_the_decision(people) -> None:
    author, reviewer, _ = people
    with transaction():
        draft = make_draft(author)
    (review,) = sent(draft, author, [reviewer])
    review = answered(review, reviewer)
    with transaction():
        draft = fresh(draft)
        draft.body = draft.body | {"title": "Another title of the case"}
    sent(draft, author, [reviewer])

    with transaction():
        assert fresh(review).stage is ReviewStage.WITHDRAWN
    with pytest.raises(judging.NewerVersion, match="Version 2 came"), transaction():
        judging.give_back(reviewer, review, now=NOW)


def test_a_request_is_taken_back_until_it_is_decided(people) -> None:
    author, reviewer, third = people
    with transaction():
        draft = make_draft(author)
    (review,) = sent(draft, author, [reviewer])

    with pytest.raises(NotFound), transaction():
        withdraw_review(third, review, now=NOW)
    with transaction():
        withdraw_review(author, review, now=NOW)
    with pytest.raises(NotWithdrawable), transaction():
        withdraw_review(author, review, now=NOW)

    assert fresh(draft).state is DraftState.WRITING


def version_of(review: Review) -> CaseVersion:
    return db.session.scalars(
        select(CaseVersion)
        .where(CaseVersion.id == review.case_version_id)
        .options(db.joinedload(CaseVersion.case))
        .execution_options(populate_existing=True)
    ).one()


def test_a_new_case_is_published_once_somebody_else_advanced_it(people) -> None:
    author, reviewer, third = people
    with transaction():
        draft = make_draft(author)
    (review,) = sent(draft, author, [reviewer])
    version = version_of(review)
    with pytest.raises(AnswerFirst), transaction():
        publish_cleared(reviewer, version, None, (), now=NOW)
    answered(review, reviewer)
    for person in people:
        with pytest.raises(NotCleared), transaction():
            publish_cleared(person, version, None, (), now=NOW)
    with transaction():
        judging.judge(reviewer, review, ALL_YES, {})
        judging.advance(reviewer, review, reason="", now=NOW)

    with transaction():
        publish_cleared(author, version_of(review), None, (), now=NOW)

    assert stored("ward").current_id == version.id
    assert fresh(draft).state is DraftState.PUBLISHED
    assert clearance(third, version_of(review)).advanced[0].reviewer_id == reviewer.id


def test_what_was_written_since_it_was_sent_stays_an_open_draft(people) -> None:
    author, reviewer, third = people
    load(case_file("ward", choice_item()))
    with transaction():
        draft = make_revision(author, choice_item(points=2))
    (review,) = sent(draft, author, [reviewer])
    advanced(review, reviewer)
    written = fresh(draft).body | {"title": "A better title"}
    with transaction():
        save(user_by_id(author.id), draft.id, written, from_revision=0, tab="one", now=NOW)

    with transaction():
        publish_cleared(third, version_of(review), False, (), now=NOW)

    left = fresh(draft)
    assert (left.state, left.base_id) == (DraftState.WRITING, review.case_version_id)
    assert left.body["title"] == "A better title"
    assert published_since(left) is None


def test_nobody_publishes_what_the_own_hand_wrote_unless_the_program_lets_them(people) -> None:
    author, reviewer, _ = people
    load(case_file("ward", choice_item()))
    with transaction():
        draft = make_revision(author, choice_item(points=2))
    (review,) = sent(draft, author, [reviewer])
    with transaction():
        withdraw_review(author, review, now=NOW)
    version = version_of(review)

    with pytest.raises(NotCleared, match="You wrote this version"), transaction():
        publish_cleared(author, version, False, (), now=NOW)
    with transaction():
        change_settings_of_program(None, {PUBLISHING: Publishing(alone=True)}, now=NOW)
    with transaction():
        publish_cleared(author, version, False, (), now=NOW)

    notes = db.session.scalars(
        select(CaseVersion)
        .where(CaseVersion.id == version.id)
        .options(db.selectinload(CaseVersion.approvals))
        .execution_options(populate_existing=True)
    ).one()
    assert notes.published.note == ALONE
    assert notes.published.changes_right is False


def test_who_publishes_alone_needs_nobody_to_send_a_draft_to(people) -> None:
    author = user_by_id(people[0].id)
    with transaction():
        draft = make_draft(author)
    with pytest.raises(NotReviewer), transaction():
        send_to_review(author, draft, [], None, "", NOW)
    with transaction():
        change_settings_of_program(None, {PUBLISHING: Publishing(alone=True)}, now=NOW)
    with transaction():
        version = send_to_review(author, draft, [], None, "", NOW)

    found = db.session.get_one(CaseVersion, version.id, options=[db.joinedload(CaseVersion.case)])
    with transaction():
        publish_cleared(author, found, None, (), now=NOW)

    assert stored("ward").current_id == version.id


def test_a_case_in_use_that_a_reviewer_leaves_as_it_is_is_good_for_as_long_anew(people) -> None:
    author, reviewer, _ = people
    load(case_file("ward", choice_item()))
    with transaction():
        case = stored("ward")
        case.review_by = NOW.date()
        asked = ask_about(author, case, reviewer, None, NOW)

    advanced(asked.review, reviewer)

    assert stored("ward").review_by == next_review(NOW.date())


def test_a_second_person_publishes_a_mend_of_what_is_in_use(people) -> None:
    author, reviewer, third = people
    load(case_file("ward", choice_item()))
    with transaction():
        draft = make_revision(author, choice_item(points=2))
    (review,) = sent(draft, author, [reviewer])

    with pytest.raises(NotCleared, match="Reviewer has not decided yet"), transaction():
        publish_cleared(third, version_of(review), False, (), now=NOW)
    with transaction():
        withdraw_review(author, review, now=NOW)
    with transaction():
        publish_cleared(third, version_of(review), False, (), now=NOW)

    assert stored("ward").current_id == review.case_version_id
    assert told()[-1] == "case_published"


def test_what_was_returned_is_not_published_by_somebody_else(people) -> None:
    author, _, third = people
    load(case_file("ward", choice_item()))
    with transaction():
        draft = make_revision(author, choice_item(points=2))
    review = returned(people, draft)

    with pytest.raises(NotCleared, match="returned it"), transaction():
        publish_cleared(third, version_of(review), False, (), now=NOW)
    assert publisher().id != author.id
