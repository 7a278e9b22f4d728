"""The pages around a draft: begin one, choose between two texts, bring a state back, find facts."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.authoring.drafts import queries
from lms.authoring.models import Draft, DraftEvent, DraftState
from lms.cases.models import StoredFact
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role, User
from tests.attempts.statements import count_statements
from tests.authoring.drafts.factories import as_kept, save, saying, stood
from tests.authoring.drafts.kept import BODY, kept_draft, make_author
from tests.cases.texts import case_file, load
from tests.factories import add, make_cohort, make_user
from tests.reading import words
from tests.signin.helpers import send


@pytest.fixture
def ada(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_author("Dr. Ada Lin")


@pytest.fixture
def ben(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_author("Dr. Ben Roe")


@pytest.fixture
def browser(ada, signed_in) -> FlaskClient:
    return signed_in(ada)


@pytest.fixture
def draft_id(app: Flask, ada: User) -> int:
    with app.app_context(), transaction():
        return kept_draft(ada).id


def drafts(app: Flask) -> list[Draft]:
    with app.app_context():
        return list(db.session.scalars(db.select(Draft).order_by(Draft.id)))


def test_a_draft_is_begun_with_nothing(app, browser) -> None:
    page = send(browser, "/drafts/new", {"how": "blank"})

    (draft,) = drafts(app)
    assert page.status_code == 302
    assert page.location == f"/drafts/{draft.id}#top"


def test_what_is_pasted_begins_a_draft(app, browser) -> None:
    pasted = "A man has pain.\nWhat is next?\nA. Wait\nB. Act\nC. Ask"
    send(browser, "/drafts/new", {"how": "text", "text": pasted})

    (draft,) = drafts(app)
    assert "A man has pain." in str(draft.body)
    assert "Act" in str(draft.body)


def test_nothing_pasted_is_said_at_the_field(app, browser) -> None:
    page = send(browser, "/drafts/new", {"how": "text", "text": " "})

    assert page.status_code == 422
    assert "Paste 1 to 20,000 characters." in words(page)
    assert drafts(app) == []


def test_an_address_names_the_gap_that_a_draft_is_for(app, browser) -> None:
    gap = "topic=pharm-opioid-prescribing&level=recall&setting=setting-emergency"
    page = browser.get(f"/drafts/new?{gap}")
    sent = dict(pair.split("=") for pair in gap.split("&"))
    send(browser, "/drafts/new", {"how": "gap"} | sent)

    assert page.text.count("selected") == 3
    (draft,) = drafts(app)
    assert draft.body["topic"] == "pharm-opioid-prescribing"


@pytest.mark.parametrize(
    "sent", [{}, {"topic": "no-such-topic"}, {"level": "recall", "setting": "nowhere"}]
)
def test_a_gap_that_is_none_begins_nothing(app, browser, sent) -> None:
    assert send(browser, "/drafts/new", {"how": "gap"} | sent).status_code == 422
    assert drafts(app) == []


def test_from_a_case_a_revision_or_a_sibling_is_begun(app, browser) -> None:
    with app.app_context():
        load(case_file("ward", title="The long ward"))
    page = browser.get("/drafts/new?case=ward")
    for how in ("revise", "sibling", "revise"):
        send(browser, "/drafts/new", {"how": how, "case": "ward"})
    again = browser.get("/drafts/new?case=ward")

    revision, sibling = drafts(app)
    assert "The long ward" in words(page)
    assert "Revise it" in words(page)
    assert "Go on with its revision" in words(again)
    assert (revision.base_id is None, sibling.body["sibling_of"]) == (False, "ward")


def test_a_case_is_found_by_its_title(app, browser) -> None:
    with app.app_context():
        load(case_file("ward", title="The long ward"))

    assert "The long ward" in words(browser.get("/drafts/new?words=long"))
    assert "No case says “short”" in words(browser.get("/drafts/new?words=short"))


@pytest.mark.parametrize("query", ["case=no-such-case", "case=%00", "words=%00"])
def test_what_is_not_there_is_said_and_breaks_nothing(browser, query) -> None:
    assert browser.get(f"/drafts/new?{query}").status_code in {200, 404, 422}


def test_a_fellow_who_writes_cases_begins_nothing_from_those_of_others(app, signed_in) -> None:
    with app.app_context():
        load(case_file("ward"))
        with transaction():
            chief = make_user(Role.FELLOW, Role.FACULTY)
            make_cohort(chief)
    page = signed_in(chief).get("/drafts/new?case=ward")

    assert page.status_code == 403
    assert "only of cases that you wrote" in words(page)


def at_odds(app: Flask, ada: User, ben: User, draft_id: int, mine: str = "Ada’s") -> None:
    """Have Ben and then Ada change the title, so that hers waits."""
    with app.app_context():
        save(ben, draft_id, saying(title="Ben’s"), tab="ben", now=utcnow())
        save(ada, draft_id, saying(title=mine), tab="ada", now=utcnow())


CONFLICT = {"tab": "ada", "path": "title"}


def test_two_texts_are_shown_side_by_side_with_whose_they_are(
    app, ada, ben, browser, draft_id
) -> None:
    at_odds(app, ada, ben, draft_id)
    page = words(browser.get(f"/drafts/{draft_id}/conflict"))

    assert "Two texts for the title" in page
    assert "Dr. Ben Roe and you changed the same words. Both texts are safe." in page
    assert "Yours," in page
    assert "Dr. Ben Roe’s," in page


@pytest.mark.parametrize(
    ("choice", "title", "states"),
    [
        ("mine", "Ada’s", [BODY["title"], "Ben’s", "Ada’s"]),
        ("theirs", "Ben’s", [BODY["title"], "Ben’s", "Ada’s", "Ben’s"]),
        ("both", "Of both", [BODY["title"], "Ben’s", "Ada’s", "Of both"]),
    ],
)
def test_the_chosen_text_stands_and_both_stay_in_the_states(
    app, ada, ben, browser, draft_id, choice, title, states
) -> None:
    at_odds(app, ada, ben, draft_id)
    sent = CONFLICT | {"choice": choice, "both": "Of both"}
    page = send(browser, f"/drafts/{draft_id}/conflict", sent)
    back = browser.get(f"/drafts/{draft_id}/conflict")

    with app.app_context():
        bodies, draft = stood(draft_id), as_kept(draft_id)
        assert queries.waiting_of(draft, ada) == []
    assert draft.body["title"] == title
    assert [body["title"] for body in bodies] == states
    assert page.status_code == 302
    assert back.location == f"/drafts/{draft_id}#top"


def test_after_the_other_wrote_on_nothing_is_chosen_unseen(
    app, ada, ben, browser, draft_id
) -> None:
    at_odds(app, ada, ben, draft_id)
    url = f"/drafts/{draft_id}/conflict"
    shown = browser.get(url)
    with app.app_context():
        save(ben, draft_id, saying(title="Ben’s anew"), since=1, tab="ben", now=utcnow())
    page = browser.post(url, data=CONFLICT | {"choice": "mine"} | form_of(shown))

    assert page.status_code == 409
    assert "Ben’s anew" in words(page)
    assert [each.body["title"] for each in drafts(app)] == ["Ben’s anew"]


def form_of(page) -> dict[str, str]:
    """Return the token and the sight that a page's form carries."""
    found = re.findall(r'name="(csrf_token|sight)"[^>]*value="([^"]+)"', page.text)
    return dict(found)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"choice": "both", "both": ""}, "Write 1 to 20,000 characters"),
        ({"choice": "none"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_chosen_is_said_and_the_text_goes_on_waiting(
    app, ada, ben, browser, draft_id, sent, said
) -> None:
    at_odds(app, ada, ben, draft_id)
    page = send(browser, f"/drafts/{draft_id}/conflict", CONFLICT | sent)

    assert page.status_code == 422
    assert said in words(page)
    with app.app_context():
        assert [each.mine for each in queries.waiting_of(as_kept(draft_id), ada)] == ["Ada’s"]


@pytest.mark.parametrize("other", [{"path": "takeaway"}, {"tab": "other"}])
def test_where_nothing_waits_nothing_is_chosen(app, ada, ben, browser, draft_id, other) -> None:
    at_odds(app, ada, ben, draft_id)
    url = f"/drafts/{draft_id}/conflict"
    page = send(browser, url, CONFLICT | {"choice": "mine"} | other)

    assert page.location == f"{url}#top"
    assert drafts(app)[0].body["title"] == "Ben’s"


def test_who_chooses_twice_has_chosen_once(app, ada, ben, browser, draft_id) -> None:
    at_odds(app, ada, ben, draft_id)
    url = f"/drafts/{draft_id}/conflict"
    sent = form_of(browser.get(url)) | CONFLICT | {"choice": "mine"}
    pages = [browser.post(url, data=sent) for _ in range(2)]

    assert [page.location for page in pages] == [f"{url}#top"] * 2
    assert drafts(app)[0].revision == 2


def test_who_brings_back_or_drops_twice_has_done_it_once(app, ada, browser, draft_id) -> None:
    with app.app_context():
        save(ada, draft_id, saying(title="One"), now=utcnow())
        save(ada, draft_id, saying(title="Two"), since=1, now=utcnow())
    url, states = f"/drafts/{draft_id}/states/1", f"/drafts/{draft_id}/states"
    sent = form_of(browser.get(url))
    back = [browser.post(url, data=sent).location for _ in range(2)]
    sent = form_of(browser.get(states))
    away = [browser.post(f"/drafts/{draft_id}/drop", data=sent).location for _ in range(2)]

    assert (len(set(back)), len(set(away))) == (1, 1)
    assert (drafts(app)[0].revision, drafts(app)[0].state) == (3, DraftState.DROPPED)


def test_nobody_chooses_for_another(app, ada, ben, signed_in, draft_id) -> None:
    at_odds(app, ada, ben, draft_id)

    assert signed_in(ben).get(f"/drafts/{draft_id}/conflict").location == f"/drafts/{draft_id}#top"


def test_the_states_say_who_did_what_and_one_comes_back(app, ada, ben, browser, draft_id) -> None:
    with app.app_context():
        save(ada, draft_id, saying(title="Itch"), now=utcnow())
        save(ben, draft_id, saying(title="Itch", text="Ben wrote this."), since=1, now=utcnow())
    listed = words(browser.get(f"/drafts/{draft_id}/states"))
    url = f"/drafts/{draft_id}/states/1"
    shown = words(browser.get(url))
    page = send(browser, url, {})

    assert "Dr. Ben Roe" in listed
    assert "Story" in listed
    assert "Title" in listed
    assert "Dr. Ada Lin" in shown
    assert "Ben wrote this." in shown
    assert page.location == f"/drafts/{draft_id}#top"
    with app.app_context():
        assert as_kept(draft_id).body == saying(title="Itch")


def test_a_state_is_not_brought_back_over_what_was_written_meanwhile(
    app, ada, ben, browser, draft_id
) -> None:
    with app.app_context():
        save(ada, draft_id, saying(title="Itch"), now=utcnow())
    url = f"/drafts/{draft_id}/states/0"
    with app.app_context(), transaction():
        add(as_begun(draft_id, ada))
    shown = browser.get(url)
    with app.app_context():
        save(ben, draft_id, saying(title="Itching"), since=1, tab="ben", now=utcnow())
    page = browser.post(url, data=form_of(shown))

    assert page.status_code == 409
    assert "State 1" in words(page)
    assert "State 2" in words(page)


def as_begun(draft_id: int, by: User):
    return DraftEvent(
        draft_id=draft_id, revision=0, by_id=by.id, at=utcnow(), tab="", changes=[], note="Begun"
    )


@pytest.mark.parametrize("revision", [7, 2**31 - 1, 2**70])
def test_a_state_that_never_was_is_not_there(browser, draft_id, revision) -> None:
    assert browser.get(f"/drafts/{draft_id}/states/{revision}").status_code == 404


def test_a_draft_is_put_away_and_taken_up_again(app, browser, draft_id) -> None:
    states = f"/drafts/{draft_id}/states"
    send(browser, f"/drafts/{draft_id}/drop", {}, at=states)
    dropped, page = drafts(app)[0].state, browser.get(states)
    send(browser, f"/drafts/{draft_id}/take-up", {}, at=states)

    assert dropped is DraftState.DROPPED
    assert "This draft is put away" in words(page)
    assert drafts(app)[0].state is DraftState.WRITING


def test_a_page_says_that_it_is_there_and_hears_who_else_is(
    app, ada, ben, signed_in, draft_id
) -> None:
    here = f"/drafts/{draft_id}/here"
    send(signed_in(ben), here, {"tab": "b", "place": "title"}, at="/settings")
    page = send(signed_in(ada), here, {"tab": "a"}, at="/settings")

    assert page.json["revision"] == 0
    assert [(each["name"], each["place"]) for each in page.json["others"]] == [
        ("Dr. Ben Roe", "title")
    ]


def test_the_other_is_told_which_text_was_chosen(app, ada, ben, signed_in, draft_id) -> None:
    at_odds(app, ada, ben, draft_id)
    send(signed_in(ada), f"/drafts/{draft_id}/conflict", CONFLICT | {"choice": "mine"})
    here = f"/drafts/{draft_id}/here"
    told = send(signed_in(ben), here, {"tab": "ben", "revision": 1}, at="/settings").json
    later = send(signed_in(ben), here, {"tab": "ben", "revision": 2}, at="/settings").json

    said = "Dr. Ada Lin has chosen between two texts for the title of the case."
    assert (told["revision"], told["told"], later["told"]) == (2, [said], [])


@pytest.mark.parametrize("sent", [{}, {"tab": ""}, {"tab": "a b"}, {"tab": "a" * 41}])
def test_a_page_without_a_name_is_not_there(browser, draft_id, sent) -> None:
    assert send(browser, f"/drafts/{draft_id}/here", sent, at="/settings").status_code == 422


def fact(fact_id: str, statement: str, status: str = "solid") -> StoredFact:
    return StoredFact(
        id=fact_id, status=status, read="all", statement=statement, sources=["A source"]
    )


def test_a_fact_is_found_added_and_taken_out(app, browser, draft_id) -> None:
    with app.app_context(), transaction():
        add(fact("I65", "Baclofen withdrawal itches."))
    at = f"/drafts/{draft_id}/facts"
    found = browser.get(f"{at}?words=itches")
    send(browser, f"{at}/I65/take", {"words": "itches"}, at=f"{at}?words=itches")
    send(browser, f"{at}/I65/take", {}, at=f"{at}?words=itches")
    named = drafts(app)[0].body.get("facts")
    send(browser, f"{at}/I65/leave", {}, at=at)

    assert "Baclofen withdrawal itches." in words(found)
    assert named == ["I65"]
    assert "facts" not in drafts(app)[0].body


def test_a_fact_is_written_down_with_its_source_and_says_whether_that_was_opened(
    app, browser, draft_id
) -> None:
    at = f"/drafts/{draft_id}/facts"
    said = {"statement": "Itch comes first.", "source": "Coffey 2002", "read": "none"}
    send(browser, at, said)
    page = words(browser.get(at))

    assert drafts(app)[0].body["facts"] == ["X101"]
    assert "X101 Itch comes first." in page
    assert "Source not opened" in page


@pytest.mark.parametrize("missing", ["statement", "source", "read"])
def test_a_fact_without_all_it_needs_is_not_written_down(app, browser, draft_id, missing) -> None:
    said = {"statement": "Itch.", "source": "Coffey", "read": "all"} | {missing: ""}
    page = send(browser, f"/drafts/{draft_id}/facts", said)

    assert page.status_code == 422
    assert "facts" not in drafts(app)[0].body


def test_a_fact_that_is_not_there_is_not_taken(browser, draft_id) -> None:
    at = f"/drafts/{draft_id}/facts"

    assert send(browser, f"{at}/Z99/take", {}, at=at).status_code == 404


PAGES = ("states", "states/1", "facts", "facts?words=pain", "conflict")


@pytest.mark.parametrize("path", PAGES)
def test_pages_send_as_many_statements_for_a_long_draft_as_for_a_short_one(
    app, ada, ben, browser, draft_id, path
) -> None:
    with app.app_context(), transaction():
        for number in range(10, 40):
            add(fact(f"Y{number}", f"Pain number {number}."))
    at_odds(app, ada, ben, draft_id)

    def count() -> int:
        with app.app_context():
            counting = count_statements()
            statements = counting.__enter__()
        assert browser.get(f"/drafts/{draft_id}/{path}").status_code == 200
        with app.app_context():
            counting.__exit__(None, None, None)
        return len(statements)

    few = count()
    with app.app_context():
        for number in range(1, 40):
            save(ben, draft_id, saying(title=f"Ben’s {number}"), since=number, now=utcnow())
            body = saying(title="Ada’s", text=f"Text {number}.")
            save(ada, draft_id, body, since=0, tab=f"a{number}", now=utcnow())

    assert count() == few


@pytest.mark.parametrize("path", ["conflict", "states", "states/0", "facts"])
def test_to_others_than_authors_there_is_no_page(app, signed_in, draft_id, path) -> None:
    with app.app_context(), transaction():
        chief = make_user(Role.FELLOW, Role.FACULTY)
        make_cohort(chief)
        fellow = make_user(Role.FELLOW)

    assert signed_in(chief).get(f"/drafts/{draft_id}/{path}").status_code == 403
    assert signed_in(fellow).get(f"/drafts/{draft_id}/{path}").status_code == 403
    assert signed_in(chief).get("/drafts/999/states").status_code == 404
