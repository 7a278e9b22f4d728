"""What happens to a running quiz when its case changes, or an item of it is withheld."""

from copy import deepcopy

import pytest
from playwright.sync_api import expect

from lms.authoring.drafts import starting
from lms.authoring.drafts.services import save
from lms.core.clock import utcnow
from lms.core.db import transaction
from tests.attempts.factories import choice_item, number_item
from tests.authoring.reviews.factories import advanced, sent
from tests.cases.texts import case_file
from tests.journeys.desk import TWO_FORMS, WritingDesk
from tests.journeys.site import Site
from tests.journeys.writers import give

pytestmark = [
    pytest.mark.xdist_group("writers"),  # which one worker builds
    pytest.mark.usefixtures("worker"),
]


@pytest.mark.parametrize(("width", "script"), TWO_FORMS)
def test_an_attempt_keeps_its_version_when_a_revision_is_published(
    writing: Site, width: int, script: bool
) -> None:
    slug = f"revised-at-{width}"
    given = assigned(writing, slug, choice_item("next-step"))
    mate, reviewer, late = (
        WritingDesk(writing.at_home(who, width, script=script))
        for who in ("mate", "reviewer", "late")
    )

    mate.begin(given)
    expect(mate.page.get_by_text("Which of the following is best for next-step?")).to_be_visible()
    revise(writing, slug)
    publish(reviewer, slug)

    mate.page.reload()
    expect(mate.page.get_by_text("Which of the following is best for next-step?")).to_be_visible()
    mate.page.get_by_text("next-step second").click()
    mate.press("Save and continue")
    mate.press("Hand in")
    mate.graded("1 of 1", script=script)
    expect(mate.page.get_by_text("Which of the following is best for next-step?")).to_be_attached()
    late.begin(given)
    expect(late.page.get_by_text("What is best now?")).to_be_visible()


def assigned(writing: Site, slug: str, *items: dict[str, object]) -> str:
    """Publish a case and assign it; return the address of the assignment."""
    with writing.app.app_context():
        by = writing.person("colleague")
        given = give(case_file(slug, *items), by, writing.arguments["cohort"], utcnow())
        return f"/assignments/{given}"


def revise(writing: Site, slug: str) -> None:
    """Have the author ask another question with another key, and the reviewer let it pass."""
    now = utcnow()
    with writing.app.app_context():
        author, reviewer = writing.person("author"), writing.person("reviewer")
        with transaction():
            draft = starting.of_version(author, slug, now=now)
            body = deepcopy(draft.body)
            item = body["stages"][0]["items"][0]
            item["lead_in"] = "What is best now?"
            for option in item["options"]:
                option["key"] = option["text"] == "next-step first"
            draft = save(author, draft.id, body, from_revision=0, tab="desk", now=now).draft
        (review,) = sent(draft, author, [reviewer])
        advanced(review, reviewer)


def publish(desk: WritingDesk, slug: str) -> None:
    """Publish the revision, and say that it changes what is right."""
    desk.start()
    desk.follow(f"Read and publish: A day on the ward, {slug}")
    desk.follow("See what changes, and publish")
    expect(desk.page.get_by_text("This changes what is right")).to_be_visible()
    desk.press("Publish version 2")
    expect(desk.page.get_by_text("Version 2 is published.")).to_be_visible()


@pytest.mark.parametrize(("width", "script"), TWO_FORMS)
def test_a_withheld_item_of_a_running_quiz_is_kept_left_out_and_graded_anew_once_lifted(
    writing: Site, width: int, script: bool
) -> None:
    slug = f"withheld-at-{width}"
    given = assigned(writing, slug, choice_item("next-step"), number_item())
    mate, colleague = (
        WritingDesk(writing.at_home(who, width, script=script)) for who in ("mate", "colleague")
    )
    mate.begin(given)
    mate.page.get_by_text("next-step second").click()
    mate.page.locator("#item-2").get_by_role("textbox").first.fill("60 mg/day")
    mate.press("Save and continue")

    colleague.page.goto(f"{writing.url}/bank/{slug}")
    colleague.press("Withhold item 1")
    mate.follow("Back to item")
    expect(mate.page.get_by_text("Item 1 was withheld")).to_be_visible()
    expect(mate.page.get_by_label("next-step second")).to_be_checked()
    mate.press("Save and continue")
    mate.press("Hand in")
    mate.graded("0 of 1", script=script)
    expect(mate.page.get_by_text("Item 1 was withheld on")).to_be_visible()

    colleague.press("Ask and count item 1 again")
    mate.graded("1 of 2", script=False)
    expect(mate.page.get_by_text("Item 1 counts since")).to_be_visible()
