"""What fellows, mentors and directors see, and what they must not."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt
from lms.cases.models import Item, StoredHarm
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.settings import change_settings_of_program
from lms.grading.models import Grade
from lms.people.models import Role, User, UserRole
from lms.program.models import Mentorship
from lms.progress import wording
from lms.progress.settings import VERDICT
from lms.quizzes.models import Assignment
from question_bank.terms import Feedback
from question_bank.verdict import VerdictPolicy
from tests.attempts.factories import row_of
from tests.factories import add, day_of, make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import (
    INTV,
    PHARM,
    PSYCH,
    cohort_of,
    earned,
    make_given,
    make_topic_case,
    sit,
    take,
    take_again,
)
from tests.progress.statements import counted
from tests.reading import words


@pytest.fixture
def people(app: Flask) -> dict[str, User]:
    with app.app_context(), transaction():
        people = {
            "fellow": make_fellow("Dr. Amara Okafor"),
            "other": make_fellow("Dr. Daniel Reyes"),
            "mentor": make_user(Role.MENTOR),
            "stranger": make_user(Role.MENTOR),
            "director": make_user(Role.DIRECTOR),
        }
        make_cohort(people["fellow"])
        make_cohort(people["other"])
        make_mentorship(people["mentor"], people["fellow"])
        make_mentorship(people["stranger"], people["other"])
        lately = utcnow() - timedelta(days=3)
        first = take(
            people["fellow"],
            lately,
            {INTV: earned(6, 20), PHARM: earned(9, 10), PSYCH: earned(2, 3)},
            title="Quiz 4",
            takeaway="Two clear days before a needle near the cord.",
        )
        take_again(first, lately + timedelta(hours=2), earned(0, 33))
        make_given(
            people["fellow"],
            [make_topic_case(PHARM, 5)],
            utcnow() - timedelta(hours=30),
            title="Quiz 5",
        )
    return people


def window() -> str:
    """Return the eight weeks up to now, as pages say them to people in New York."""
    now = utcnow()
    return wording.say_days(now - timedelta(weeks=8), now, "America/New_York")


def test_a_fellow_sees_the_own_figures_of_first_answers(people, signed_in) -> None:
    page = words(signed_in(people["fellow"]).get("/progress"))

    assert "First answers only" in page
    assert "9 of 10" in page
    assert "6 of 20" in page
    assert "Too few for a share (10 needed)" in page
    assert "2 of 3" in page
    assert "No topic has" not in page
    assert "No first answers, so nothing of it is counted. Again: 0 of 33." in page
    assert "17 of 33 correct (52%)." in page
    assert "Quiz 5" in page


def test_repeats_are_shown_as_such_and_enter_no_share(app, signed_in) -> None:
    with app.app_context(), transaction():
        fellow, mentor = make_fellow(), make_user(Role.MENTOR)
        make_cohort(fellow)
        make_mentorship(mentor, fellow)
        first = take(fellow, utcnow() - timedelta(days=110), {PHARM: earned(3, 6)})
        take_again(first, utcnow() - timedelta(days=2), earned(5, 6))

    pages = [
        words(signed_in(who).get(address))
        for who, address in ((fellow, "/progress"), (mentor, f"/fellows/{fellow.id}"))
    ]

    for page in pages:
        assert "counted. After three months: 5 of 6." in page
        assert "3 of 6" in page
        assert "8 of 12" not in page


def test_answers_are_told_apart_by_the_level_of_what_was_asked(app, signed_in) -> None:
    with app.app_context(), transaction():
        fellow, mentor = make_fellow(), make_user(Role.MENTOR)
        make_cohort(fellow)
        make_mentorship(mentor, fellow)
        known = make_topic_case(PHARM, 4, level="recall")
        weighed = make_topic_case(INTV, 10)
        at = utcnow() - timedelta(days=3)
        given = make_given(fellow, [known, weighed], at + timedelta(hours=1))
        marks = [*earned(3, 4), *earned(5, 10)]
        sit(fellow, given, at, [*known.items, *weighed.items], marks, graded_at=at)

    pages = [
        words(signed_in(who).get(address))
        for who, address in ((fellow, "/progress"), (mentor, f"/fellows/{fellow.id}"))
    ]

    for page in pages:
        told = page.split("Share correct by cognitive level")[-1]
        assert "Recall Too few for a share (10 needed) 3 of 4" in told
        assert "Application No items yet" in told
        assert "Clinical judgment 95% interval 24 to 76% 50% 5 of 10" in told


def test_a_level_is_that_of_the_version_that_was_asked(app, signed_in) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow()
        make_cohort(fellow)
        case = make_topic_case(PHARM, 2, level="recall")
        at = utcnow() - timedelta(days=3)
        sit(fellow, make_given(fellow, [case], at), at, case.items, earned(1, 2), graded_at=at)
        db.session.execute(db.update(Item).values(level="judgement"))

    assert "Recall Too few for a share (10 needed) 1 of 2" in words(
        signed_in(fellow).get("/progress")
    )


def test_no_empty_scale_is_drawn_where_no_topic_has_a_share(app, signed_in) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow()
        make_cohort(fellow)
        take(fellow, utcnow() - timedelta(days=3), {PHARM: earned(1, 4), INTV: earned(2, 9)})

    page = words(signed_in(fellow).get("/progress"))

    assert "0%" not in page.split("Share correct by cognitive level")[0]
    assert "No topic has the 10 items yet that a share needs." in page
    assert "Facet joint blocks and radiofrequency denervation 2 of 9" in page


def test_the_report_says_what_to_talk_about_and_no_single_answer(people, signed_in) -> None:
    page = words(signed_in(people["mentor"]).get(f"/fellows/{people['fellow'].id}"))

    assert "What there is to say Talk Quiz 5 is one day overdue." in page
    assert f"Interventional: 6 of 20 right, {window()}." in page
    assert "Quiz 5 is one day overdue." in page
    assert "Two clear days before a needle near the cord." in page
    assert "6 of 20 correct" in page
    assert "item-0 first" not in page
    assert "/result" not in page


@pytest.mark.parametrize(("who", "kind"), [("mentor", "plain"), ("director", "main")])
def test_the_report_leads_to_a_mail_to_the_fellow(people, signed_in, who: str, kind: str) -> None:
    page = signed_in(people[who]).get(f"/fellows/{people['fellow'].id}")

    assert f'class="btn {kind}" href="mailto:{people["fellow"].email}"' in page.text
    assert ("Note a meeting" in page.text) is (who == "mentor")


def test_the_list_says_who_needs_a_word(people, signed_in) -> None:
    page = words(signed_in(people["mentor"]).get("/fellows"))

    assert "Your fellow needs a word this week" in page
    assert "Dr. Amara Okafor Talk Quiz 5 is one day overdue." in page
    assert f"Interventional: 6 of 20 right, {window()}." in page
    assert "Dr. Daniel Reyes" not in page


def test_a_director_sees_who_of_a_cohort_needs_a_word(app, people, signed_in) -> None:
    with app.app_context(), transaction():
        cohort = cohort_of(people["fellow"])
        make_mentorship(people["stranger"], people["fellow"])
    browser = signed_in(people["director"])

    page = words(browser.get(f"/cohorts/{cohort.id}/progress"))

    mentors = ", ".join(sorted(people[who].name for who in ("mentor", "stranger")))
    assert f"Dr. Amara Okafor {mentors} Talk Quiz 5 is one day overdue." in page
    assert f"Interventional: 6 of 20 right, {window()}." in page
    assert "Dr. Daniel Reyes" not in page
    fellow_id = people["fellow"].id
    assert f'href="/people/{fellow_id}/training"' in browser.get(f"/cohorts/{cohort.id}").text
    assert f'href="/fellows/{fellow_id}"' in browser.get(f"/cohorts/{cohort.id}/progress").text
    assert browser.get(f"/cohorts/{cohort.id + 9}/progress").status_code == 404


def test_a_mentor_without_fellows_is_told_so(app, signed_in) -> None:
    with app.app_context(), transaction():
        mentor = make_user(Role.MENTOR)

    page = signed_in(mentor).get("/fellows")

    assert page.status_code == 200
    assert "You look after no fellow now" in words(page)


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("mentor", "fellow", 200),
        ("mentor", "other", 404),
        ("stranger", "fellow", 404),
        ("director", "fellow", 200),
        ("director", "other", 200),
        ("director", "mentor", 404),
        ("mentor", "mentor", 404),
        ("fellow", "fellow", 403),
        ("fellow", "other", 403),
    ],
)
def test_who_may_open_whose_report(people, signed_in, who: str, whose: str, status: int) -> None:
    page = signed_in(people[who]).get(f"/fellows/{people[whose].id}")

    assert page.status_code == status


def test_a_report_closes_with_the_mentorship(app, people, signed_in) -> None:
    with app.app_context(), transaction():
        db.session.execute(
            db.update(Mentorship)
            .where(Mentorship.fellow_id == people["fellow"].id)
            .values(ends_on=day_of(utcnow() - timedelta(days=2)))
        )

    assert signed_in(people["mentor"]).get(f"/fellows/{people['fellow'].id}").status_code == 404
    assert "Dr. Amara Okafor" not in words(signed_in(people["mentor"]).get("/fellows"))


def test_the_list_takes_the_same_number_of_statements_for_1_and_for_60_fellows(
    app, signed_in
) -> None:
    counts = []
    for fellows in (1, 60):
        with app.app_context(), transaction():
            mentor = make_user(Role.MENTOR)
            for _ in range(fellows):
                fellow = make_fellow()
                make_cohort(fellow)
                make_mentorship(mentor, fellow)
                take(fellow, utcnow() - timedelta(days=3), {PHARM: earned(1, 2)})
        browser = signed_in(mentor)
        with counted(app) as statements:
            assert browser.get("/fellows").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("act", ["our-act", "unnamed"])
def test_the_list_takes_as_many_statements_for_12_unsafe_choices_as_for_1(
    app, signed_in, act: str
) -> None:
    with app.app_context(), transaction():
        add(StoredHarm(id="our-act", name="Our own doing", harm="It hurts", why="So", facts=[]))
    counts, pages = [], []
    for choices in (1, 12):
        with app.app_context(), transaction():
            fellow, mentor = make_fellow(), make_user(Role.MENTOR)
            make_mentorship(mentor, fellow)
            attempt = take(fellow, utcnow() - timedelta(days=3), {PHARM: earned(0, 20)})
            for place in range(1, choices + 1):
                of_it = db.update(Grade).where(Grade.response_id == row_of(attempt.id, place).id)
                db.session.execute(of_it.values(harms=[act]))
        browser = signed_in(mentor)
        with counted(app) as statements:
            pages.append(words(browser.get("/fellows")))
        counts.append(len(statements))

    said = {"our-act": "our own doing.", "unnamed": "a choice that would have hurt the patient."}
    assert [page.count(said[act]) for page in pages] == [1, 12]
    assert counts[0] == counts[1]


def test_a_cohort_takes_the_same_number_of_statements_for_1_and_for_60_fellows(
    app, signed_in
) -> None:
    with app.app_context(), transaction():
        director, mentor = make_user(Role.DIRECTOR), make_user(Role.MENTOR)
    browser = signed_in(director)
    counts = []
    for fellows in (1, 60):
        with app.app_context(), transaction():
            members = [make_fellow() for _ in range(fellows)]
            cohort = make_cohort(*members)
            for fellow in members:
                make_mentorship(mentor, fellow)
                take(fellow, utcnow() - timedelta(days=3), {PHARM: earned(1, 2)})
        with counted(app) as statements:
            page = browser.get(f"/cohorts/{cohort.id}/progress")
        assert page.text.count('href="/fellows/') == fellows
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_report_takes_the_same_number_of_statements_for_1_and_for_60_quizzes(
    app, signed_in
) -> None:
    counts = []
    for quizzes in (1, 60):
        with app.app_context(), transaction():
            fellow = make_fellow()
            make_cohort(fellow)
            for number in range(quizzes):
                take(fellow, utcnow() - timedelta(days=number + 1), {PHARM: earned(1, 2)})
        browser = signed_in(fellow)
        with counted(app) as statements:
            assert browser.get("/progress").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


class TestBeforeTheAnswersAreReleased:
    """With one item a topic, x of n by topic says which item was right."""

    @pytest.fixture
    def attempt(self, app: Flask, people) -> Attempt:
        with app.app_context(), transaction():
            return take(
                people["other"],
                utcnow() - timedelta(days=1),
                {PHARM: earned(12, 12), INTV: earned(0, 1)},
                feedback=Feedback.CLOSED,
            )

    def test_a_fellow_is_told_the_score_but_not_where_it_comes_from(
        self, people, signed_in, attempt
    ) -> None:
        page = words(signed_in(people["other"]).get("/progress"))

        assert "12 of 13 correct" in page
        assert "13 items are in quizzes whose answers come after they close" in page
        assert "Facet" not in page.split("Topics without items")[0]
        assert "Clinical judgment No items yet" in page
        assert "12 of 12" not in page

    def test_the_mentor_is_told_at_once(self, people, signed_in, attempt) -> None:
        page = words(signed_in(people["stranger"]).get(f"/fellows/{people['other'].id}"))

        assert "12 of 12" in page
        assert "quizzes whose answers come after they close" not in page

    def test_it_counts_for_the_fellow_from_the_close_on(
        self, app, people, signed_in, attempt
    ) -> None:
        with app.app_context(), transaction():
            db.session.execute(
                db.update(Assignment)
                .where(Assignment.id == attempt.assignment_id)
                .values(due_at=utcnow(), closes_at=utcnow(), results_at=utcnow())
            )
            settle_keys([people["other"].id], now=attempt.submitted_at)

        page = words(signed_in(people["other"]).get("/progress"))

        assert "12 of 12" in page
        assert "quizzes whose answers come after they close" not in page

    def test_a_director_who_is_the_fellow_is_not_told_either(
        self, app, people, signed_in, attempt
    ) -> None:
        with app.app_context(), transaction():
            db.session.add(UserRole(user_id=people["other"].id, role=Role.DIRECTOR))

        page = words(signed_in(people["other"]).get(f"/fellows/{people['other'].id}"))

        assert "12 of 13 correct" in page
        assert "12 of 12" not in page


def test_a_fellow_who_mentors_is_not_told_what_a_case_taught_others(app, signed_in) -> None:
    with app.app_context(), transaction():
        junior = make_fellow("Dr. Junior")
        senior = make_user(Role.FELLOW, Role.MENTOR, name="Dr. Senior")
        mentor = make_user(Role.MENTOR)
        for each in (senior, mentor):
            make_mentorship(each, junior)
        take(junior, utcnow() - timedelta(days=1), {PHARM: earned(1, 4)}, takeaway="Mind the gap.")

    def reads(who: User) -> str:
        return words(signed_in(who).get(f"/fellows/{junior.id}"))

    assert "1 of 4 correct" in reads(senior)
    assert "Mind the gap." not in reads(senior)
    assert "Mind the gap." in reads(mentor)


def test_a_director_who_is_a_fellow_finds_nothing_hidden_on_the_cohorts_page(
    app, signed_in
) -> None:
    with app.app_context(), transaction():
        chief = make_user(Role.FELLOW, Role.DIRECTOR, name="Dr. Chief")
        other = make_user(Role.DIRECTOR)
        marks = {PHARM: earned(1, 20)}
        take(chief, utcnow() - timedelta(days=1), marks, feedback=Feedback.CLOSED)
        page = f"/cohorts/{cohort_of(chief).id}/progress"

    assert "1 of 20" not in words(signed_in(chief).get(page))
    assert "1 of 20" in words(signed_in(other).get(page))


def test_only_who_looks_after_a_fellow_today_is_named_as_the_mentor(app, signed_in) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow()
        cohort = make_cohort(fellow)
        gone, was = (make_user(Role.MENTOR, name=name) for name in ("Dr. Gone", "Dr. Was"))
        for mentor in (gone, was):
            make_mentorship(mentor, fellow)
        gone.disabled_at = utcnow()
        db.session.execute(db.delete(UserRole).where(UserRole.user_id == was.id))
        later = make_user(Role.MENTOR, name="Dr. Later")
        starts_on = day_of(utcnow()) + timedelta(days=30)
        db.session.add(Mentorship(mentor_id=later.id, fellow_id=fellow.id, starts_on=starts_on))
        director = make_user(Role.DIRECTOR)
    browser = signed_in(director)

    for page in (f"/cohorts/{cohort.id}", f"/cohorts/{cohort.id}/progress"):
        said = words(browser.get(page))
        assert "No mentor Dr. Later from " in said
        assert "Dr. Gone" not in said
        assert "Dr. Was" not in said


def test_the_line_that_the_program_has_set_is_the_one_pages_say_and_judge_by(
    app, people, signed_in
) -> None:
    mentor = signed_in(people["mentor"])
    before = words(mentor.get("/fellows"))
    with app.app_context(), transaction():
        change_settings_of_program(None, {VERDICT: VerdictPolicy(line=50)}, now=utcnow())

    after = words(mentor.get("/fellows"))

    assert "true share is under 70% is" in before
    assert "Below 70%" in before
    assert "Interventional: 6 of 20 right" in before
    assert "70%" not in after
    assert "The whole interval is below 50%" in after
    assert "Interventional: 6 of 20 right" in after
    assert "true share is under 50% is" in after
