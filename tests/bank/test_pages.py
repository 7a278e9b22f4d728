"""The bank as faculty see it: narrowed, paged, and honest about who has reviewed what."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from lms.cases.models import Approval, ApprovalKind, ApprovedBy, StoredCase
from lms.cases.queries import case_by_slug
from lms.core.db import db, transaction
from lms.people.models import Role
from question_bank.case import parse_case
from question_bank.formats.native import write_case
from tests.attempts.factories import ALL_KINDS, case_body, choice_item
from tests.cases.texts import case_file, load
from tests.factories import NOW, add, make_user
from tests.progress.statements import counted
from tests.reading import words, words_of

PHARMACOLOGICAL, PSYCHOLOGICAL = "pharm-neuropathic", "psych-cbt"


@pytest.fixture
def faculty(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.FACULTY)
    return signed_in(user)


def titles(page: TestResponse) -> list[str]:
    """Return the titles in the list, in order."""
    assert page.status_code == 200
    return [
        html.unescape(title)
        for title in re.findall(r'<a href="/bank/[^"]+">([^<]+)</a>', page.text)
    ]


@pytest.fixture
def three(app: Flask) -> None:
    """Three cases that differ in all that the list is narrowed by."""
    with app.app_context():
        load(
            case_file("burning-feet", title="Burning feet", topic=PHARMACOLOGICAL, tracks=["ipm"]),
            case_file("fear-of-work", title="Fear of work", topic=PSYCHOLOGICAL, tracks=["fm"]),
            case_file("100-percent", title="A 100% pump", tracks=["ipm", "fm"]),
        )


def test_the_list_is_in_the_order_of_titles_and_counts(faculty, three) -> None:
    page = faculty.get("/bank")

    assert titles(page) == ["A 100% pump", "Burning feet", "Fear of work"]
    assert "3 cases, 3 items." in words(page)
    assert "3 cases Order" in words(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"approach": "psychological"}, ["Fear of work"]),
        ({"approach": "pharmacological"}, ["A 100% pump", "Burning feet"]),
        ({"topic": PHARMACOLOGICAL}, ["Burning feet"]),
        ({"track": "ipm"}, ["A 100% pump", "Burning feet"]),
        ({"track": "fm"}, ["A 100% pump", "Fear of work"]),
        ({"words": "FEET"}, ["Burning feet"]),
        ({"words": "  feet "}, ["Burning feet"]),
        ({"words": "100%"}, ["A 100% pump"]),
        ({"words": "zanzibar"}, ["A 100% pump", "Burning feet", "Fear of work"]),
        ({"words": "' OR 1=1 --"}, []),
        (
            {"approach": ["psychological", "pharmacological"], "track": "fm"},
            ["A 100% pump", "Fear of work"],
        ),
        ({"state": "published", "needs": "unused", "words": "feet"}, ["Burning feet"]),
        ({"state": "retired"}, []),
        ({"approach": "pharmacological", "track": "fm"}, ["A 100% pump"]),
        ({"approach": "psychological", "words": "feet"}, []),
    ],
)
def test_the_list_is_narrowed(
    faculty, three, query: dict[str, str | list[str]], found: list[str]
) -> None:
    assert titles(faculty.get("/bank", query_string=query)) == found


@pytest.mark.parametrize("name", ["approach", "topic", "track"])
@pytest.mark.parametrize("value", ["no-such", "%", "a b", "\x00"])
def test_what_is_not_offered_does_not_narrow(faculty, three, name: str, value: str) -> None:
    assert len(titles(faculty.get("/bank", query_string={name: value}))) == 3


def test_each_choice_says_how_many_it_would_leave(faculty, three) -> None:
    page = words(faculty.get("/bank?track=fm"))

    assert "Pharmacological 1 cases" in page
    assert "Psychological 1 cases" in page
    assert "Interventional 0 cases" in page
    assert "Interventional Pain Medicine Fellowship 2 cases" in page


def test_a_choice_is_taken_away_by_a_link(faculty, three) -> None:
    page = faculty.get("/bank?track=fm&approach=psychological&words=work").text

    links = {html.unescape(each) for each in re.findall(r'href="(/bank\?[^"]+)"', page)}
    assert links == {
        "/bank?words=work&track=fm",
        "/bank?words=work&approach=psychological",
        "/bank?words=work",
    }


def test_a_letter_that_not_every_database_takes_is_no_crash(faculty, three) -> None:
    page = faculty.get("/bank", query_string={"words": "a\x00b"})

    assert page.status_code in {200, 422}
    assert "Burning feet" not in page.text
    assert faculty.get("/bank/a%00b").status_code in {404, 422}


def test_the_form_shows_what_the_list_is_narrowed_to(faculty, three) -> None:
    page = faculty.get("/bank?approach=psychological&words=work")

    assert re.search(r'value="psychological" checked>', page.text)
    assert 'value="work"' in page.text
    assert "1 case says “work”" in words(page)


def test_an_empty_list_says_how_to_go_on(faculty, three) -> None:
    page = faculty.get("/bank?words=nothing-like-it")

    assert "No case says “nothing-like-it”." in words(page)
    assert '<a class="btn" href="/bank">Show all cases</a>' in page.text


def test_a_word_that_no_case_has_is_answered_with_one_that_some_have(faculty, three) -> None:
    page = faculty.get("/bank?words=zanzbiar")

    assert "No case says “zanzbiar”. Did you mean zanzibar ? 3 cases" in words(page)
    assert 'href="/bank?words=zanzibar"' in page.text


def test_filters_that_leave_nothing_are_answered_with_what_fewer_leave(faculty, three) -> None:
    page = words(faculty.get("/bank?approach=psychological&track=ipm&words=zanzibar"))

    assert "No case says “zanzibar” and matches both filters." in page
    assert "Without: Psychological , 2" in page
    assert "Without: Interventional Pain Medicine Fellowship , 1" in page


def test_a_hit_says_where_its_word_was_found(faculty, three) -> None:
    page = faculty.get("/bank?words=zanzibar&approach=psychological").text

    assert "<mark>zanzibar</mark>" in page
    assert re.search(r"(Reason|Option|Answer), item 1: ", page)


@pytest.fixture
def seventy(app: Flask) -> None:
    with app.app_context():
        load(
            *(
                case_file(f"case-{number:02}", title=f"Case {number:02}", tracks=["ipm"])
                for number in range(70)
            )
        )


def test_a_long_list_is_paged_and_the_pages_keep_the_filter(faculty, seventy) -> None:
    pages = [faculty.get(f"/bank?track=ipm&page={number}") for number in (1, 2, 4)]

    assert [len(titles(page)) for page in pages] == [20, 20, 10]
    assert [title for page in pages for title in titles(page)] == [
        f"Case {number:02}" for number in (*range(40), *range(60, 70))
    ]
    assert "Page 2 of 4" in words(pages[1])
    turning = re.findall(r'rel="(?:prev|next)" href="(/bank\?[^"]+)"', pages[1].text)
    links = {html.unescape(each) for each in turning}
    assert links == {"/bank?page=1&track=ipm", "/bank?page=3&track=ipm"}
    assert 'rel="prev"' not in pages[0].text
    assert 'rel="next"' not in pages[2].text


@pytest.mark.parametrize("hostile", ["endpoint=x", "_method=POST", "_external=1&_scheme=ftp"])
def test_an_address_with_more_than_the_filter_is_the_list_as_ever(
    faculty, seventy, hostile
) -> None:
    page = faculty.get(f"/bank?{hostile}")

    assert page.status_code == 200
    assert 'href="/bank?page=2"' in page.text


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0", 1), ("-5", 1), ("x", 1), ("", 1), ("99", 4), (str(2**31), 4), (str(10**30), 4)],
)
def test_a_page_that_does_not_exist_is_the_nearest_one(
    faculty, seventy, number: str, shown: int
) -> None:
    page = faculty.get("/bank", query_string={"page": number})

    assert f"Page {shown} of 4" in words(page)


def sign(slug: str) -> None:
    """Have a clinician answer for a case as it stands."""
    with transaction():
        add(
            Approval(
                case_version_id=case_by_slug(slug).version.id,
                kind=ApprovalKind.CLINICAL,
                who=ApprovedBy.PERSON,
                user_id=make_user(Role.FACULTY, name="Dr. Clinician").id,
                at=NOW,
            )
        )


def test_the_list_says_which_cases_no_clinician_has_signed(app, faculty) -> None:
    with app.app_context():
        load(
            case_file("signed-case", title="Signed case"),
            case_file("open-case", title="Open case", clinical_review="signed"),
        )
        sign("signed-case")

    page = faculty.get("/bank")
    rows = [words_of(row) for row in page.text.split('<li class="hit">')[1:]]

    assert "2 cases, 2 items. 1 waits for a clinician’s signature." in words(page)
    assert rows[0].startswith("Open case Published ")
    assert "Waits for a signature. In no quiz as yet." in rows[0]
    assert rows[1].startswith("Signed case Signed ")
    assert "Signed by Dr. Clinician, Wed Nov 25, version 1." in rows[1]


@pytest.fixture
def case_page(app: Flask, faculty: FlaskClient) -> TestResponse:
    """The page of a case with all kinds of items."""
    with app.app_context():
        load(case_file("a-hard-day", *ALL_KINDS, title="A hard day"))
    page = faculty.get("/bank/a-hard-day")
    assert page.status_code == 200
    return page


def test_a_case_shows_every_key_with_every_reason(case_page) -> None:
    text = words(case_page)

    assert text.count("Best answer: ") == len(ALL_KINDS)
    for key in ("next-step second", "100 mg/day", "naloxone"):
        assert f"Best answer: {key}" in text
    for item in ALL_KINDS:
        assert item["lead_in"] in text
        for option in item.get("options", ()):
            assert option["text"] in text
            assert option["why"].strip() in text
        for mistake in item.get("mistakes", ()):
            assert mistake["why"].strip() in text
    marked = re.findall(
        r'<li class="result key">.*?<p class="what">(.*?)</p>', case_page.text, re.S
    )
    assert {"next-step second", "safe-drugs first", "safe-drugs third"} <= set(marked)
    assert len([text for text in marked if "next-step" in text or "safe-drugs" in text]) == 3


def test_a_case_shows_its_sources_and_what_they_support(case_page) -> None:
    text = words(case_page)

    assert "Dowell D. Guideline . MMWR 2022;71(3)." in text
    assert 'href="https://doi.org/10.15585/mmwr.rr7103a1"' in case_page.text
    assert "Supports zanzibar." in text
    assert "Take away zanzibar." in text


def test_the_vignette_is_rendered(case_page) -> None:
    assert "<strong>badly</strong>" in case_page.text
    assert '<th scope="col">Drug</th>' in case_page.text


def test_a_case_that_no_clinician_has_signed_says_so(case_page) -> None:
    text = words(case_page)

    assert "Clinical signature Not signed" in text
    assert "Review by Nov 25, 2028" in text


def test_a_signed_case_does_not_say_that_it_is_pending(app, faculty) -> None:
    with app.app_context():
        load(case_file("signed-case"))
        sign("signed-case")

    text = words(faculty.get("/bank/signed-case"))

    assert (
        "Clinical signature Signed by Dr. Clinician, Wed Nov 25, version 1 Review by Nov 25, 2028"
        in text
    )
    assert "Not signed" not in text


def test_a_case_names_its_tracks_in_order_and_counts_its_facts(app, faculty) -> None:
    with app.app_context():
        load(case_file("a-case", tracks=["ipm", "fm"], facts=["X01"]))
        load(case_file("another-case", tracks=["fm", "ipm"], facts=["X01", "P02"]))

    one, other = (words(faculty.get(f"/bank/{slug}")) for slug in ("a-case", "another-case"))

    assert "Tracks FM, IPM" in one
    assert "Tracks FM, IPM" in other
    assert "Facts behind its keys 1" in one
    assert "Facts behind its keys 2" in other
    assert "X01" not in other


def test_a_case_shows_the_level_of_each_item_and_what_its_acts_do(app, faculty) -> None:
    first, second = choice_item(), choice_item("therapy")
    first["options"][0]["harm"] = "morphine-in-kidney-failure"
    body = case_body(first, second, slug="in-two-levels") | {"format": 2}
    for name in ("level", "reviewed_on", "review_by", "clinical_review"):
        del body[name]
    body["items"][0]["level"], body["items"][1]["level"] = "recall", "judgement"
    body["sibling_of"] = "another-case"
    with app.app_context():
        sibling = case_file("another-case")
        load(sibling, ("in-two-levels.yaml", write_case(parse_case(body))))

    page = faculty.get("/bank/in-two-levels")

    text = words(page)
    assert text.index("Level: Recall") < text.index("Level: Clinical judgment")
    assert "Unsafe Sedation, myoclonus and seizures." in text
    assert "Sibling of another-case" in text
    assert "morphine-in-kidney-failure" not in page.text


def test_what_an_author_wrote_runs_nothing(app, faculty) -> None:
    bad = "<script>alert(1)</script>"
    item = choice_item()
    for option in item["options"]:
        option["text"], option["why"] = f"{option['text']} {bad}", f"{option['why']} {bad}"
    with app.app_context():
        load(
            case_file(
                "hostile",
                item | {"lead_in": f"Which {bad}?"},
                title=f"Title {bad}",
                vignette=f"Text {bad} ![x](https://evil.example/x.png)",
                takeaway=bad,
            )
        )

    for path in ("/bank", "/bank/hostile"):
        page = faculty.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def test_the_newest_version_is_shown(app, faculty) -> None:
    with app.app_context():
        load(case_file("changing", takeaway="The first word."))
        load(case_file("changing", takeaway="The second word."))

    text = words(faculty.get("/bank/changing"))

    assert "The second word." in text
    assert "The first word." not in text
    assert "Version 2" in text


def test_a_retired_case_is_not_listed(app, faculty, three) -> None:
    with app.app_context(), transaction():
        db.session.execute(
            update(StoredCase).where(StoredCase.slug == "burning-feet").values(retired_at=NOW)
        )

    assert titles(faculty.get("/bank")) == ["A 100% pump", "Fear of work"]


@pytest.mark.parametrize("slug", ["no-such-case", "A-HARD-DAY", "..%2f..%2fconfig"])
def test_there_is_no_page_for_a_case_that_is_not_there(faculty, slug: str) -> None:
    assert faculty.get(f"/bank/{slug}").status_code == 404


def test_the_pages_take_as_many_statements_for_60_cases_as_for_one(app, faculty) -> None:
    counts = []
    for first, last in ((0, 1), (1, 60)):
        with app.app_context():
            load(*(case_file(f"case-{n}", *ALL_KINDS) for n in range(first, last)))
        here = []
        for path in ("/bank", "/bank?track=ipm&words=ward", "/bank/case-0"):
            with counted(app) as statements:
                assert faculty.get(path).status_code == 200
            here.append(len(statements))
        counts.append(here)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 22
