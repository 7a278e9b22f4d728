"""The pages of a review, from sending to publishing, as people use them without script."""

import re

import pytest
from sqlalchemy import select

from lms.authoring.models import Draft, Review, ReviewComment
from lms.authoring.reviews import judging
from lms.authoring.reviews.ending import end_review
from lms.cases.revisions import propose_revision
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role
from question_bank.case import parse_case
from tests.attempts.factories import case_body, choice_item
from tests.authoring.reviews.factories import make_draft, make_revision
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_cohort, make_user
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import send, sight_of, token_of

SECRET = "zanzibar"
"""A word of every reason."""


@pytest.fixture
def world(app, signed_in):
    """An author with a draft of a new case, and two colleagues."""
    with app.app_context(), transaction():
        people = [make_user(Role.FACULTY, name=f"Dr. {name}") for name in ("Ada", "Ben", "Cy")]
        draft = make_draft(people[0])
    return draft.id, *(signed_in(each) for each in people), people


def reviewer_of(app) -> int:
    with app.app_context():
        return db.session.scalars(select(Review.id).order_by(Review.id.desc())).first()


def ask(app, world, whom: int = 1) -> str:
    draft_id, ada, _, _, people = world
    page = send(ada, f"/drafts/{draft_id}/send", {"reviewers": [people[whom].id], "note": "First"})
    assert page.status_code == 302, words(page)
    return f"/reviews/{reviewer_of(app)}"


def answer_blind(client, path: str, letter: int = 1, **said: str):
    page = client.get(path)
    token = re.search(r'name="trial" value="([^"]+)"', page.text)[1]
    shown = dict(re.findall(r'name="(answer-1[^"]*)" value="(\d)"', page.text))
    name = next(iter(shown))
    place = re.findall(r'value="(\d)" data-letter="\w"[^>]*>\s*<label[^>]*>.*?</label>', page.text)
    assert place
    order = re.findall(r"next-step (first|second|third|fourth)", page.text)
    wanted = ("first", "second", "third", "fourth")[letter]
    data = {"csrf_token": token_of(page), "trial": token, name: str(order.index(wanted))}
    return client.post(path, data=data | said)


def judged(client, path: str, do: str, **said):
    page = client.get(path)
    names = re.findall(r'name="(q-\w+)"', page.text)
    data = {"csrf_token": token_of(page), **sight_of(page, f"{path}/decision"), "do": do}
    return client.post(f"{path}/decision", data=data | dict.fromkeys(names, "yes") | said)


def test_what_is_missing_is_listed_with_links_to_the_places(app, world) -> None:
    draft_id, ada, *_ = world
    with app.app_context(), transaction():
        draft = db.session.get_one(Draft, draft_id)
        draft.body = {name: draft.body[name] for name in draft.body if name != "takeaway"}

    page = ada.get(f"/drafts/{draft_id}/send")

    assert "1 thing is missing" in words(page)
    assert f'href="/drafts/{draft_id}#takeaway"' in page.text
    assert "Send to review</button>" not in page.text


def test_the_key_is_nowhere_on_the_page_before_the_blind_answer(app, world) -> None:
    path = ask(app, world)
    ben = world[2]

    before = ben.get(path)
    answer_blind(ben, path, 2)
    after = ben.get(path)

    assert "Answer first" in words(before)
    assert SECRET not in before.text
    assert "Item 1: your blind answer differs from the key" in words(after)
    assert SECRET in after.text


def test_a_review_is_returned_with_comments_mended_and_advanced(app, world) -> None:
    draft_id, ada, ben, _, people = world
    path = ask(app, world)
    assert answer_blind(ben, path).status_code == 302
    assert "Item 1: your blind answer is the key" in words(ben.get(path))
    to_comment = judged(ben, path, "comment", field="items[0].options[2].text", quoted="third")
    page = ben.get(to_comment.location)
    assert '<p class="quote">third</p>' in page.text
    ben.post(
        f"{path}/comments",
        data={
            "csrf_token": token_of(page),
            "field": "items[0].options[2].text",
            "quoted": "third",
            "text": "Say what is third.",
        },
    )
    pinned = ben.get(path)
    assert '<mark id="q1">third</mark>' in pinned.text
    assert "Return with 1 comment" in words(pinned)
    refused = judged(ben, path, "advance")
    assert refused.status_code == 422
    assert "Say why the case may advance" in words(refused)
    no = {"q-spare": "no", "m-spare": "Drop the last sentence."}
    assert place_of(judged(ben, path, "return", **no)) == path

    with app.app_context():
        comment_id = db.session.scalars(select(ReviewComment.id)).one()
    threads = f"/drafts/{draft_id}/threads"
    assert "Say what is third." in words(ada.get(threads))
    assert "Does every sentence serve? No: Drop the last sentence." in words(ada.get(threads))
    assert f'href="{path}"' in ada.get(threads).text
    assert f'href="{threads}"' in ada.get(f"/drafts/{draft_id}").text
    wrong = send(ada, f"{threads}/{comment_id}", {"end": "disagreed", "because": ""}, at=threads)
    assert wrong.status_code == 422
    assert "Say why you disagree." in words(wrong)
    send(ada, f"{threads}/{comment_id}", {"end": "mended"}, at=threads)
    assert "Mended by Dr. Ada" in words(ada.get(threads))

    with app.app_context(), transaction():
        draft = db.session.get_one(Draft, draft_id)
        draft.body = draft.body | {"title": "Another title of it"}
    form = ada.get(f"/drafts/{draft_id}/send")
    assert re.findall(r'value="(\d+)" checked', form.text) == [str(people[1].id)]
    again = ask(app, world)
    answer_blind(ben, again)
    assert "Of earlier versions" in words(ben.get(again))
    assert judged(ben, again, "advance").status_code == 302

    publish = "/bank/ward/versions/2/publish"
    assert "Advanced by Dr. Ben" in words(ada.get(publish))
    done = send(ada, publish, {})
    assert done.status_code == 302
    assert "Version 2 is published" in words(ada.get("/bank/ward"))


def test_a_comment_leads_to_its_words_where_the_page_shows_them(app, world) -> None:
    ben, people = world[2], world[4]
    path = ask(app, world)
    answer_blind(ben, path)
    with app.app_context(), transaction():
        review = db.session.get_one(Review, reviewer_of(app))
        for place, quoted in (("title", "A day"), ("decision", "Decide on")):
            judging.comment(people[1], review, path=place, quoted=quoted, text="Why?", now=NOW)

    page = ben.get(path)

    assert '<h1 data-field="title"><mark id="q1">A day</mark>' in page.text
    assert 'href="#q1"' in page.text
    assert 'href="#q2"' not in page.text


def test_how_sure_a_blind_answer_was_stands_beside_it_for_reviewer_and_author(app, world) -> None:
    _, ada, ben, *_ = world
    path = ask(app, world)
    assert 'name="confidence-1"' in ben.get(path).text
    answer_blind(ben, path, **{"confidence-1": "guessing"})
    read = ben.get(path)
    unsaid = judged(ben, path, "return")
    assert unsaid.status_code == 422
    assert "Say what should change first" in words(unsaid)
    assert judged(ben, path, "return", **{"q-spare": "no"}).status_code == 302

    for page in (read, ada.get(path)):
        assert "How sure: guessing." in words(page)
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        assert review.answers["#sure"] == {"next-step": "guessing"}


@pytest.mark.parametrize("said", [{}, {"confidence-1": "certain"}])
def test_a_blind_answer_without_a_word_on_it_says_nothing_of_it(app, world, said) -> None:
    _, _, ben, *_ = world
    path = ask(app, world)
    answer_blind(ben, path, **said)

    assert "your blind answer is the key" in words(ben.get(path))
    assert "How sure" not in words(ben.get(path))


def test_a_review_stops_when_another_version_came_meanwhile(app, world) -> None:
    draft_id, _, ben, *_ = world
    path = ask(app, world)
    answer_blind(ben, path)
    shown = sight_of(ben.get(path), f"{path}/decision")
    token = token_of(ben.get(path))
    with app.app_context(), transaction():
        draft = db.session.get_one(Draft, draft_id)
        draft.body = draft.body | {"title": "Another title of it"}
    ask(app, world, whom=2)

    blind = ben.post(f"{path}/decision", data={"csrf_token": token, "do": "return"})
    page = ben.post(f"{path}/decision", data={"csrf_token": token, **shown, "do": "return"})
    read = ben.get(path)

    assert (blind.status_code, page.status_code) == (409, 409)
    assert "Version 2 came while you read" in words(read)
    assert "/bank/ward/versions?before=1&amp;after=2" in read.text


def test_nobody_else_opens_a_review_that_is_not_decided(app, world, signed_in) -> None:
    path = ask(app, world)
    with app.app_context(), transaction():
        both = make_user(Role.FACULTY, Role.FELLOW)
        make_cohort(both)
    fellow_too = signed_in(both)

    assert world[3].get(path).status_code == 404
    assert world[1].get(path).status_code == 404
    for page in (
        path,
        f"/drafts/{world[0]}/send",
        f"/drafts/{world[0]}/threads",
        "/bank/ward/versions",
        "/bank/ward/versions/1/publish",
    ):
        seen = fellow_too.get(page)
        assert seen.status_code in (403, 404), page
        assert SECRET not in seen.text


def test_publishing_a_revision_shows_the_change_and_asks_what_it_means(app, world) -> None:
    _, ada, ben, cy, people = world
    with app.app_context():
        load(case_file("inuse", choice_item()))
        with transaction():
            item = choice_item(lead_in="Which step is the best next one of all?")
            draft = make_revision(people[0], item, slug="inuse")
    path = ask(app, (draft.id, ada, ben, cy, people))
    answer_blind(ben, path)
    judged(ben, path, "advance")
    publish = "/bank/inuse/versions/2/publish"

    page = cy.get(publish)
    nothing = send(cy, publish, {})
    done = send(cy, publish, {"changes_right": "no"})

    assert "Item 1, lead-in" in words(page)
    assert "Asks otherwise" in words(page)
    assert not re.search(r'name="changes_right"[^>]*checked', page.text)
    assert nothing.status_code == 422
    assert "Say whether it changes what is right." in words(nothing)
    assert done.status_code == 302
    history = words(cy.get("/bank/inuse/versions"))
    assert "only wording changed" in history
    assert "From version 1 to 2" in history


def test_another_key_is_said_to_change_what_is_right_and_cannot_be_said_not_to(app, world) -> None:
    _, _, _, cy, people = world
    item = choice_item()
    del item["options"][1]["key"]
    item["options"][2]["key"] = True
    with app.app_context():
        load(case_file("inuse", choice_item()))
    with app.app_context(), transaction():
        case, body = stored("inuse"), parse_case(case_body(item, slug="inuse"))
        propose_revision(people[0], case.id, body, of=case.current_id, note="", now=NOW)
    publish = "/bank/inuse/versions/2/publish"

    page = cy.get(publish)
    refused = send(cy, publish, {"changes_right": "no"})
    done = send(cy, publish, {"changes_right": "yes", "items": "next-step"})

    assert "Another answer is right than in version 1" in words(page)
    assert 'value="no"' not in page.text
    assert refused.status_code == 422
    assert "Another answer is right than before in item 1" in words(refused)
    assert done.status_code == 302


def test_a_case_is_retired_and_brought_back_with_a_reason(app, world) -> None:
    with app.app_context():
        load(case_file("old", choice_item()))
    ada = world[1]

    without = send(ada, "/bank/old/retire", {"why": ""})
    send(ada, "/bank/old/retire", {"why": "The guideline has changed."})
    gone = ada.get("/bank/old")
    with app.app_context():
        retired = stored("old").retired_at
    send(ada, "/bank/old/retire", {"why": "It has changed back."})

    assert without.status_code == 422
    assert "This case is retired" in words(gone)
    assert retired is not None
    with app.app_context():
        assert stored("old").retired_at is None


@pytest.mark.parametrize("reviews", [1, 4])
def test_the_page_of_comments_sends_as_many_statements_for_many_as_for_one(
    app, world, reviews: int
) -> None:
    path = ask(app, world)
    ben = world[2]
    answer_blind(ben, path)
    with app.app_context(), transaction():
        for _ in range(reviews):
            db.session.add(
                ReviewComment(
                    review_id=int(path.rsplit("/", 1)[1]),
                    path="title",
                    quoted="A",
                    text="?",
                    at=db.session.get_one(Draft, world[0]).created_at,
                )
            )
    with counted(app) as statements:
        assert ben.get(path).status_code == 200

    assert len(statements) <= 26


def test_a_reviewer_declines_before_the_key_was_shown(app, world) -> None:
    path = ask(app, world)
    _, ada, ben, cy, _ = world
    assert f"{path}/decline" in ben.get(path).text
    page = ben.get(f"{path}/decline")
    assert SECRET not in page.text

    without = send(ben, f"{path}/decline", {"reason": " "})
    done = send(ben, f"{path}/decline", {"reason": "I am away until May."})

    assert "Say why; who sent the case reads it." in words(without)
    assert done.status_code == 302
    assert "Declined: I am away until May." in words(ben.get(path))
    assert cy.get(f"{path}/decline").status_code == 404
    assert "Waits for" not in words(ada.get("/work"))
    assert ben.get(f"{path}/decline").status_code == 302
    threads = words(ada.get(f"/drafts/{world[0]}/threads"))
    assert "Dr. Ben does not review it Declined: I am away until May." in threads


def test_that_a_review_was_declined_is_not_read_from_what_somebody_wrote(app, world) -> None:
    path = ask(app, world)
    with app.app_context(), transaction():
        review = db.session.get_one(Review, int(path.rsplit("/", 1)[1]))
        end_review(review, reason="Declined: in other words", now=utcnow())

    assert "does not review it" not in words(world[1].get(f"/drafts/{world[0]}/threads"))
