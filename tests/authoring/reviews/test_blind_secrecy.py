"""Who was asked to answer a case blind reads no key of it anywhere, until that is answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.attempts.secrecy import AnswerFirst, check_may_read_all, may_read_keys, readable_keys
from lms.authoring.drafts.services import save
from lms.authoring.models import Review, ReviewStage
from lms.authoring.reviews import judging
from lms.authoring.sending.services import send_to_review, withdraw_review
from lms.authoring.signing.queries import waiting_cases
from lms.cases.models import Item
from lms.cases.search.keeping import index, wanting
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.grading.withholding.services import withhold
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.quizzes.models import Assignment, QuizVersion
from tests.attempts.factories import PLANNED, SECRET, case_body, choice_item
from tests.attempts.kinds import EVERY_KIND, POSITION
from tests.attempts.sitting import sitting_at
from tests.authoring.reviews.factories import answered, make_revision, sent
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_mentorship, make_user
from tests.progress.statements import counted
from tests.reading import words
from tests.signin.helpers import token_of

TELLING = (SECRET, PLANNED, "Best answer", "The key is wrong")
"""What stands in keys, reasons, plans, notes and comments, and in nothing that is asked."""

OTHERS_ADDRESSES = ("signin.", "accounts.", "digests.", "notices.", "operations.", "program.")
"""Rooms whose pages are about no case."""


@dataclass
class Story:
    """A case in use and in a quiz, whose revision a reviewer is to answer blind."""

    people: dict[str, User]
    arguments: dict[str, Any]

    @property
    def review(self) -> str:
        return f"/reviews/{self.arguments['review_id']}"


@pytest.fixture
def story(app: Flask, signed_in) -> Story:
    """Return everything that can be said of a case, said."""
    sat = sitting_at(app, signed_in, case_body(*EVERY_KIND, slug="ward"))
    sat.save(1, answer=sat.place(1, 0))
    sat.save(POSITION["tell-the-patient"], answer="Your pain is real.")
    sat.result()
    essay = sat.row(POSITION["tell-the-patient"]).id
    with app.app_context():
        with transaction():
            author, earlier = make_user(Role.FACULTY), make_user(Role.FACULTY)
            reviewer, plain = (
                make_user(Role.FACULTY, Role.DIRECTOR, Role.MENTOR) for _ in range(2)
            )
            for each in (reviewer, plain):
                make_mentorship(each, user_by_id(sat.user.id))
            draft = make_revision(author, *EVERY_KIND, title="A longer day")
        (first,) = sent(draft, author, [earlier])
        answered(first, earlier)
        with transaction():
            said = judging.comment(
                earlier, first, path="title", quoted="A longer day", text=SECRET, now=NOW
            )
            judging.give_back(earlier, first, now=NOW)
        with transaction():
            body = draft.body | {"title": "The longest day", "takeaway": f"Carry {SECRET} away."}
            save(author, draft.id, body, from_revision=0, tab="a", now=NOW)
        with transaction():
            note = f"The key is wrong: {SECRET}"
            version = send_to_review(author, draft, [reviewer], None, note, NOW)
        with transaction():
            case = stored("ward")
            item = next(each for each in case.items if each.key == "next-step")
            withhold(plain, case, item, why=f"The key is wrong: {SECRET}", now=NOW)
            index(wanting(anew=True))
        asked = select(Review.id).where(Review.case_version_id == version.id)
        given = db.session.get_one(Assignment, sat.assignment_id)
        quiz = select(QuizVersion.quiz_id).where(QuizVersion.id == given.quiz_version_id)
        arguments = {
            "slug": "ward",
            "case_id": case.id,
            "number": version.number,
            "key": "next-step",
            "item_id": item.id,
            "draft_id": draft.id,
            "revision": 0,
            "review_id": db.session.scalars(asked).one(),
            "comment_id": said.id,
            "quiz_id": db.session.scalars(quiz).one(),
            "assignment_id": sat.assignment_id,
            "attempt_id": sat.id,
            "fellow_id": sat.user.id,
            "response_id": essay,
            "fact_id": "P11",
        }
        people = {"reviewer": reviewer, "plain": plain, "author": author}
    return Story(people, arguments)


def addresses(app: Flask, story: Story) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and address of all that may be about the case."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.endpoint.startswith(OTHERS_ADDRESSES):
            continue
        wanted = {name: story.arguments.get(name, 1) for name in rule.arguments}
        if "way" in wanted:
            wanted["way"] = "up"
        if "step" in wanted:
            wanted["step"] = "take"
        with app.app_context():
            address = adapter.build(rule.endpoint, wanted, method=None)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address
    yield "bank.case", "GET", "/bank/ward?version=1"
    yield "bank.case", "GET", "/bank/ward?version=2"
    yield "bank.index", "GET", "/bank?words=arithmetic"
    yield "bank.index", "GET", "/bank?words=forgot+a+dose&state=published"
    yield "adding.find", "GET", f"/quizzes/{story.arguments['quiz_id']}/add?words=arithmetic"
    yield "adding.find", "GET", f"/quizzes/{story.arguments['quiz_id']}/add?words=day"
    yield "drafts.new", "GET", "/drafts/new?case=ward&words=arithmetic"
    yield "drafts.begin", "POST", "/drafts/new?case=ward"
    yield "history.versions", "GET", "/bank/ward/versions?before=1&after=2"
    yield "reviews.comment", "GET", f"{story.review}/comments?field=takeaway"
    yield "trying.case", "GET", "/bank/ward/try?version=2"
    for revision in (0, 1):
        yield "drafts.state", "GET", f"/drafts/{story.arguments['draft_id']}/states/{revision}"


def telling(app: Flask, browser: FlaskClient, story: Story) -> set[str]:
    """Return the endpoints at which somebody is told what only keys and reasons say."""
    token = token_of(browser.get("/settings"))
    return {
        endpoint
        for endpoint, method, address in addresses(app, story)
        for page in [open_page(browser, method, address, token)]
        if any(word in page.text for word in TELLING)
    }


def open_page(browser: FlaskClient, method: str, address: str, token: str) -> TestResponse:
    """Return what an address answers; a form is sent as if for every button of its page."""
    if method == "GET":
        return browser.get(address)
    data = {"csrf_token": token, "how": "revise", "case": "ward", "tab": "a", "do": "comment"}
    return browser.post(address, data=data, follow_redirects=True)


def test_no_page_of_any_kind_tells_the_reviewer_a_key_before_the_blind_answer(
    app, story, signed_in
) -> None:
    told = telling(app, signed_in(story.people["reviewer"]), story)

    assert told == set()
    with app.app_context():
        review = db.session.get_one(Review, story.arguments["review_id"])
        assert review.stage is ReviewStage.ASKED, "the walk itself has not answered it"


def test_the_same_walk_finds_them_for_a_colleague_who_is_not_asked(app, story, signed_in) -> None:
    told = telling(app, signed_in(story.people["plain"]), story)

    assert told >= {
        "adding.find",
        "authoring.edit",
        "bank.case",
        "bank.index",
        "drafts.state",
        "history.versions",
        "marking.answer",
        "mentoring.fellow",
        "publishing.publish",
        "sending.threads",
        "signing.case",
    }


@pytest.mark.parametrize("end", ["answered", "taken back"])
def test_the_answer_opens_everything_and_so_does_taking_the_request_back(
    app, story, signed_in, end: str
) -> None:
    browser = signed_in(story.people["reviewer"])
    before = browser.get("/bank/ward")
    with app.app_context():
        review = db.session.get_one(Review, story.arguments["review_id"])
        if end == "answered":
            answered(review, story.people["reviewer"], {})
        else:
            with transaction():
                withdraw_review(story.people["author"], review, now=NOW)

    after = browser.get("/bank/ward")

    assert before.status_code == 403
    assert "You have been asked to answer this case blind first" in words(before)
    assert f'href="{story.review}"' in before.text
    assert after.status_code == 200
    assert SECRET in after.text
    if end == "answered":
        assert SECRET in browser.get(story.review).text


def test_a_script_is_refused_in_words(app, story, signed_in) -> None:
    browser = signed_in(story.people["reviewer"])
    draft = story.arguments["draft_id"]

    page = browser.get(f"/drafts/{draft}/advice", headers={"Accept": "application/json"})

    assert page.status_code == 403
    assert page.json == {"error": "You have been asked to answer this case blind first"}


def test_the_reviewer_still_withholds_an_item_that_is_dangerous(app, story, signed_in) -> None:
    browser = signed_in(story.people["reviewer"])
    quiz = browser.get(f"/quizzes/{story.arguments['quiz_id']}")
    path = "/bank/ward/items/safe-drugs/withhold"
    from_quiz = quiz.text.split(f'action="{path}"')[1]
    sight = from_quiz.split('name="sight" value="')[1].split('"')[0]

    page = browser.post(path, data={"csrf_token": token_of(quiz), "sight": sight})

    assert page.status_code == 302
    with app.app_context():
        item = db.session.scalars(select(Item).where(Item.key == "safe-drugs")).one()
        assert item.withheld_by_id == story.people["reviewer"].id


def test_what_the_reviewer_is_mailed_tells_no_key(app, story, signed_in) -> None:
    with app.app_context():
        mine = select(Message.raw).where(Message.recipient_id == story.people["reviewer"].id)
        mails = [raw.decode() for raw in db.session.scalars(mine)]

    assert mails
    for mail in mails:
        assert not any(word in mail for word in TELLING)


def test_an_earlier_review_stays_closed_while_the_next_version_is_to_be_answered(
    app, signed_in
) -> None:
    with app.app_context():
        load(case_file("ward"))
        with transaction():
            author, reviewer = make_user(Role.FACULTY), make_user(Role.FACULTY)
            draft = make_revision(author, choice_item(points=2))
        (first,) = sent(draft, author, [reviewer])
        answered(first, reviewer)
        with transaction():
            judging.comment(reviewer, first, path="title", quoted="A day", text="?", now=NOW)
            judging.give_back(reviewer, first, now=NOW)
        with transaction():
            draft.body = draft.body | {"title": "The longest day"}
        (second,) = sent(draft, author, [reviewer])
        pages = {first.id: "", second.id: ""}
    browser = signed_in(reviewer)
    for review_id in pages:
        pages[review_id] = browser.get(f"/reviews/{review_id}")

    assert [page.status_code for page in pages.values()] == [403, 200]
    assert f'href="/reviews/{second.id}"' in pages[first.id].text
    assert SECRET not in pages[second.id].text


@pytest.fixture
def asked(in_app: Flask) -> tuple[User, dict[str, int]]:
    """A reviewer with two cases to answer, and one beside them."""
    load(case_file("ward"), case_file("ship"), case_file("tent"))
    with transaction():
        author, reviewer = make_user(Role.FACULTY), make_user(Role.FACULTY)
        drafts = [
            make_revision(author, choice_item(points=2), slug=each) for each in ("ward", "ship")
        ]
    for draft in drafts:
        sent(draft, author, [reviewer])
    return reviewer, {slug: stored(slug).id for slug in ("ward", "ship", "tent")}


def test_of_several_cases_those_are_told_that_are_not_to_be_answered(asked) -> None:
    reviewer, ids = asked

    assert readable_keys(reviewer, ids.values(), NOW) == {ids["tent"]}
    assert may_read_keys(reviewer, ids["tent"], NOW)
    with pytest.raises(AnswerFirst):
        check_may_read_all(reviewer, ids.values(), NOW)


def test_it_takes_as_many_statements_for_three_cases_as_for_one(in_app, asked) -> None:
    reviewer, ids = asked

    with counted(in_app) as one:
        readable_keys(reviewer, [ids["ward"]], NOW)
    with counted(in_app) as three:
        readable_keys(reviewer, ids.values(), NOW)

    assert len(one) == len(three) == 2


def test_the_queue_of_cases_to_be_signed_leaves_them_out(asked) -> None:
    reviewer, _ = asked

    assert [each.slug for each in waiting_cases(reviewer, date(2026, 11, 30))] == ["tent"]
