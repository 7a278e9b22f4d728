"""A case on its way from its author, by its reviewer and a quiz, to the grade of a fellow."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from lms.core.clock import utcnow
from tests.attempts.factories import choice_item
from tests.journeys import writers
from tests.journeys.desk import FORMS, WritingDesk
from tests.journeys.site import Site

pytestmark = pytest.mark.xdist_group("writers")  # which one worker builds


@pytest.mark.parametrize(("width", "script"), FORMS)
@pytest.mark.usefixtures("worker")
def test_a_case_comes_back_from_review_better_and_is_published_found_drawn_and_graded(
    writing: Site, width: int, script: bool
) -> None:
    form = f"{width}-{'with' if script else 'without'}"
    title, word = f"A day with {form}", f"quokka{form.replace('-', '')}"
    write_for_review(writing, form, title, word)
    author, reviewer, fellow = (
        WritingDesk(writing.at_home(who, width, script=script))
        for who in ("author", "reviewer", "fellow")
    )

    send(author, title)
    answer_blind(reviewer, title, word)
    return_with_two_comments(reviewer, script=script)
    mend_and_send_again(author, title)
    answer_blind(reviewer, title, word)
    advance_and_publish(reviewer)
    sign(reviewer)
    find_by(reviewer, word, title)
    given = draw_and_assign(reviewer, title)
    take(fellow, given)
    fellow.graded("1 of 1", script=script)
    expect(fellow.page.get_by_text(word).first).to_be_attached()


def write_for_review(writing: Site, form: str, title: str, word: str) -> None:
    """Have the author write a case of one item; *word* stands in a reason only."""
    item = choice_item("next-step")
    item["options"][1]["why"] += f" Only this one lets the {word} rest."
    with writing.app.app_context():
        author = writing.person("author")
        writers.write(author, utcnow(), item, slug=f"case-{form}", title=title)


def send(desk: WritingDesk, title: str) -> None:
    """Send the draft to the reviewer."""
    desk.follow(f"Go on writing: {title}")
    desk.press("Send to review")
    desk.tick("Dr. Leonora Hart")
    desk.press("Send to review")
    expect(desk.page.get_by_text("Sent as version 1.")).to_be_visible()


def answer_blind(desk: WritingDesk, title: str, word: str) -> None:
    """Answer as a fellow would; the reasons come after that."""
    desk.start()
    desk.follow(f"Review: {title}")
    expect(desk.page.get_by_text("The key, the reasons and the comments follow.")).to_be_visible()
    assert word not in desk.page.content()
    desk.page.get_by_text("next-step second").click()
    desk.press("Keep the answers and see the key")
    expect(desk.page.get_by_text("Item 1: your blind answer is the key")).to_be_visible()
    expect(desk.page.get_by_text(word).first).to_be_attached()


def judge(desk: WritingDesk, *, serves: str) -> None:
    """Answer the seven questions, all but one with Yes, and expect a difficulty."""
    asked = desk.page.locator("#judge fieldset").all()
    for row in asked[:-1]:
        is_it = row.locator("legend", has_text="Does every sentence serve?").count()
        row.get_by_text(serves if is_it else "Yes", exact=True).click()
    asked[-1].get_by_text("65%").click()


def return_with_two_comments(desk: WritingDesk, *, script: bool) -> None:
    """Comment on the lead-in and on an option, and give the case back."""
    judge(desk, serves="No")
    for words, text in COMMENTS:
        if script:
            desk.page.get_by_text(words).first.click(click_count=3)
        desk.press("Comment on words")
        if not script:
            sentence = desk.page.locator("option", has_text=words).first.get_attribute("value")
            desk.choose("On which words", sentence or "")
        desk.write("What should change?", text)
        desk.press("Keep the comment")
        expect(desk.page.get_by_text(text)).to_be_visible()
    desk.press("Return with 2 comments")
    expect(desk.page.get_by_text("Returned to Dr. Ada Brandt, with 2 comments.")).to_be_visible()


COMMENTS = (("Which of the following is best", "Best when?"), ("next-step third", "Why this one?"))
"""The words that each is about, and what it says."""

BECAUSE = "It is what most would try first."


def mend_and_send_again(desk: WritingDesk, title: str) -> None:
    """Mend what one comment asks for, say why not in answer to the other, and send it again."""
    desk.start()
    desk.follow(f"Mend it: {title}")
    desk.write("Lead-in", "Which of the following is best today?")
    desk.press("Save draft")
    desk.press("Mended")
    desk.write("Why you disagree with comment 2", BECAUSE)
    desk.press("Disagree")
    desk.press("Send to review")
    expect(desk.page.get_by_label("Dr. Leonora Hart")).to_be_checked()
    desk.press("Send to review")
    expect(desk.page.get_by_text("Sent as version 2.")).to_be_visible()


def advance_and_publish(desk: WritingDesk) -> None:
    """See what became of the comments, find every question answered, and let the case pass."""
    expect(desk.page.get_by_text(BECAUSE)).to_be_attached()
    judge(desk, serves="Yes")
    desk.press("Advance")
    desk.follow("Publish version 2")
    desk.press("Publish version 2")
    expect(desk.page.get_by_text("Version 2 is published.")).to_be_visible()


def sign(desk: WritingDesk) -> None:
    desk.follow("Read and sign")
    desk.tick("I have read version 2 on this page")
    desk.press("Sign version 2 as a clinician")
    desk.follow("Bank")


def find_by(desk: WritingDesk, word: str, title: str) -> None:
    """Find the one case that says *word* in a reason, and see who has signed it."""
    desk.page.get_by_role("searchbox").fill(word)
    desk.press("Search")
    hit = desk.page.locator(".hit")
    expect(hit.get_by_role("link", name=title)).to_be_visible()
    expect(hit.locator("mark", has_text=word)).to_be_visible()
    expect(hit.get_by_text("Signed by Dr. Leonora Hart")).to_be_visible()


def draw_and_assign(desk: WritingDesk, title: str) -> str:
    """Draw one item: of all cases, this one alone is new to the cohort. Return its assignment."""
    desk.follow("Quizzes")
    desk.follow("New quiz")
    desk.write("Title", f"Rounds: {title}")
    desk.press("Create quiz")
    desk.choose("Cohort", "1")
    desk.page.get_by_label("Number of items").fill("1")
    desk.press("Draw items")
    expect(desk.page.get_by_role("link", name=title)).to_be_visible()
    desk.follow("Assign quiz")
    desk.choose("Cohort", "1")
    desk.press("Assign quiz")
    return urlsplit(desk.page.url).path


def take(desk: WritingDesk, given: str) -> None:
    """Answer the key and hand in."""
    desk.start()
    desk.begin(given)
    desk.page.get_by_text("next-step second").click()
    desk.press("Save and continue")
    desk.press("Hand in")
