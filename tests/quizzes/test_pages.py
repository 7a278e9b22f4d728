"""Putting a quiz together at its pages."""

import re

import pytest

from lms.program.blueprint import blueprint
from tests.quizzes.pages import act, case_ids, class_id
from tests.reading import words
from tests.signin.helpers import send, token_of


def test_a_quiz_is_created_and_listed(author, quiz: str) -> None:
    page = author.get(quiz)

    assert re.fullmatch(r"/quizzes/\d+", quiz)
    assert "0 items in 0 cases. Not assigned in this version." in words(page)
    assert "Assign quiz" not in page.text
    assert "November rounds By hand 0 not yet" in words(author.get("/quizzes"))


@pytest.mark.parametrize(
    ("title", "error"),
    [
        ("", "Give the quiz a title."),
        ("   ", "Give the quiz a title."),
        ("x" * 121, "A title has at most 120 characters."),
        ("\u200b", "contains a character that cannot be shown"),
        ("Rounds\0", "contains a character that cannot be shown"),
    ],
)
def test_a_title_that_will_not_do_is_refused_at_the_field(author, title: str, error: str) -> None:
    page = send(author, "/quizzes/new", {"title": title})

    assert page.status_code == 422
    assert 'href="#title"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert error in words(page)
    assert "<title>Error: New quiz" in page.text


def test_the_list_without_a_quiz_says_how_to_begin(author) -> None:
    assert "No quiz yet" in words(author.get("/quizzes"))


def test_a_quiz_is_renamed_and_a_title_is_only_text(author, quiz: str) -> None:
    page = act(author, quiz, "title", title="<b>Bold</b> rounds")
    refused = act(author, quiz, "title", title="")

    assert "The quiz is now called “<b>Bold</b> rounds”." in words(page)
    assert "<b>Bold" not in page.text
    assert "Give the quiz a title." in words(refused)
    assert "&lt;b&gt;Bold&lt;/b&gt; rounds</h1>" in refused.text


def test_a_draw_says_what_the_bank_could_not_supply(app, author, quiz: str) -> None:
    page = act(author, quiz, "blueprint", cohort_id=class_id(app), items=20)

    assert "6 items drawn. The bank has no more that this quiz may ask: it is 14 short." in words(
        page
    )
    assert "6 items in 3 cases." in words(page)


def test_the_balance_counts_the_items_of_each_approach(author, quiz: str) -> None:
    for case_id in case_ids(author, quiz):
        page = act(author, quiz, "cases", case_id=case_id)

    balance = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+ \(\d+%\))</dd>", page.text))
    names = {approach.id: approach.name for approach in blueprint().approaches}
    assert len(balance) == 4
    assert balance[names["pharmacological"]] == "4 (67%)"
    assert balance[names["psychological"]] == "2 (33%)"


def test_the_balance_of_a_draw_stands_beside_the_blueprints(app, author, quiz: str) -> None:
    page = act(author, quiz, "blueprint", cohort_id=class_id(app), items=20)

    text = words(page)
    assert "Class of this year: 6 items so far, with this quiz." in text
    assert "Pharmacological 25% 4 4 1.5" in text
    assert "Interventional 45% 0 0 2.7" in text
    assert "Draw again" in text


def test_a_draw_that_the_bank_can_supply_says_nothing_of_it(app, author, quiz: str) -> None:
    page = act(author, quiz, "blueprint", cohort_id=class_id(app), items=1)

    assert "1 item drawn." in words(page)
    assert "The bank has no more" not in page.text


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ("", "Say how many items."),
        ("0", "A quiz has 1 to 120 items."),
        ("121", "A quiz has 1 to 120 items."),
        ("many", "Not a valid integer value."),
        ("9" * 40, "A quiz has 1 to 120 items."),
    ],
)
def test_a_number_that_will_not_do_is_refused_at_the_field(
    app, author, quiz: str, items: str, error: str
) -> None:
    page = send(author, f"{quiz}/blueprint", {"cohort_id": class_id(app), "items": items}, at=quiz)

    assert page.status_code == 422
    assert 'href="#items"' in page.text
    assert error in words(page)
    assert "0 items in 0 cases." in words(page)


@pytest.mark.parametrize("cohort", ["", "999", "ipm"])
def test_a_cohort_that_is_not_offered_is_refused(app, author, quiz: str, cohort: str) -> None:
    class_id(app)

    page = send(author, f"{quiz}/blueprint", {"cohort_id": cohort, "items": 5}, at=quiz)

    assert page.status_code == 422
    assert 'href="#cohort_id"' in page.text


def test_without_a_cohort_the_page_says_who_makes_one(author, quiz: str) -> None:
    page = author.get(quiz)

    assert "There is no cohort this year to draw for." in words(page)
    assert "Draw items" not in page.text


def test_cases_and_items_are_added_and_removed_by_hand(author, quiz: str) -> None:
    offered = case_ids(author, quiz)
    assert len(offered) == 3

    for case_id in offered[:2]:
        page = act(author, quiz, "cases", case_id=case_id)
    assert "4 items in 2 cases." in words(page)
    assert case_ids(author, quiz) == offered[2:]

    item = re.search(r"/items/(\d+)/remove", page.text)
    page = act(author, quiz, f"items/{item[1]}/remove")
    assert "3 items in 2 cases." in words(page)

    page = act(author, quiz, f"cases/{offered[1]}/remove")
    assert "1 item in 1 case." in words(page)
    assert offered[1] in case_ids(author, quiz)

    page = act(author, quiz, "cases", case_id=offered[0])
    assert "2 items in 1 case." in words(page), "the item taken out came back"


def test_a_quiz_with_every_case_offers_none(author, quiz: str) -> None:
    for case_id in case_ids(author, quiz):
        page = act(author, quiz, "cases", case_id=case_id)

    assert "6 items in 3 cases." in words(page)
    assert case_ids(author, quiz) == []
    assert words(author.get(f"{quiz}/add")).count("In this quiz") == 3 + 6


def test_a_case_that_is_not_there_cannot_be_added(author, quiz: str) -> None:
    assert send(author, f"{quiz}/cases", {"case_id": 999}, at=quiz).status_code == 404
    assert "Choose a case to add." in words(act(author, quiz, "cases", case_id="x"))
    assert send(author, f"{quiz}/items/999/remove", {}, at=quiz).status_code == 302
    assert "0 items in 0 cases." in words(author.get(quiz))


@pytest.mark.parametrize(
    "what", ["title", "blueprint", "cases", "items/1/remove", "archive", "restore"]
)
def test_there_is_nothing_to_change_in_a_quiz_that_is_not_there(app, author, what) -> None:
    data = {"title": "x", "cohort_id": class_id(app), "items": 3, "case_id": 1}

    assert send(author, f"/quizzes/999/{what}", data, at="/quizzes/new").status_code == 404


def test_an_archived_quiz_leaves_the_list(author, quiz: str) -> None:
    page = act(author, quiz, "archive")

    assert "The quiz is archived. What was assigned goes on." in words(page)
    assert "November rounds" not in page.text
    assert "November rounds" in author.get("/quizzes?archived=1").text


def test_an_archived_quiz_is_shown_and_changed_only_after_it_is_restored(author, quiz: str) -> None:
    case_id = case_ids(author, quiz)[0]
    act(author, quiz, "archive")
    refused = send(author, f"{quiz}/cases", {"case_id": case_id}, at=quiz)

    assert refused.status_code == 409
    assert "Add by hand" not in words(author.get(quiz))

    page = act(author, quiz, "restore")

    assert "The quiz is in use again." in words(page)
    assert "Add by hand" in words(page)
    assert "No quiz is archived" in words(author.get("/quizzes?archived=1"))


def test_every_form_of_the_page_has_the_token(author, quiz: str) -> None:
    act(author, quiz, "cases", case_id=case_ids(author, quiz)[0])
    page = author.get(quiz)

    forms = re.findall(r'<form method="post".*?</form>', page.text, re.S)

    assert len(forms) >= 7
    assert all(token_of(page) in form for form in forms)
