"""What weekly mails ask is reminded of, and goals are told; the measures are those by hand."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

import pytest

from tests.mentoring.year.plan import BEGINS, DAY, ENDS, REYES
from tests.mentoring.year.reading import read
from tests.mentoring.year.reckoning import day_of, moment
from tests.mentoring.year.record import AgreedGoal, AskedWord, Mailed, Record
from tests.mentoring.year.stage import DIRECTOR

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),  # all of it is reckoned where the first of these tests asks for it
    pytest.mark.xdist_group("year"),  # which one worker lets pass
]


def ticks() -> Iterator[datetime]:
    """Yield when beat rings for what is not weekly: once a day."""
    for number in range((ENDS - BEGINS).days):
        yield datetime.combine(BEGINS + number * DAY, time(12), UTC)


def next_tick(after: datetime) -> datetime:
    """Return when beat rings next, at *after* or later."""
    return next(tick for tick in ticks() if tick >= after)


# Reminders.


def unseen_first(year: Record, mentor: str, now: datetime) -> AskedWord | None:
    """Return what was asked first of a mentor who has not looked for a week, if anything."""
    zone = year.plan.mentor(mentor).zone
    looks = [
        each.answered_at
        for each in year.asked
        if each.mentor == mentor and each.answered_at and each.answered_at < now
    ]
    for each in year.asked:
        bonds = [b for b in year.plan.bonds if (b.mentor, b.fellow) == (mentor, each.fellow)]
        if (
            each.mentor == mentor
            and now - 30 * DAY < each.at <= now - 7 * DAY
            and not (each.answered_at and each.answered_at < now)
            and not any(look >= each.at for look in looks)
            and any(bond.holds(now.date()) for bond in bonds)
            and not year.plan.is_stood_in_with(
                mentor, each.fellow, day_of(each.at, zone), day_of(now, zone)
            )
        ):
            return each
    return None


def test_who_does_not_look_is_reminded_after_a_week_and_directors_hear_after_two(
    year: Record,
) -> None:
    waits, away = [], []
    for now in ticks():
        for mentor in year.plan.mentors:
            word = unseen_first(year, mentor.name, now)
            if word is None:
                continue
            if word not in [each for each, _ in waits]:
                waits.append((word, now))
            if now >= word.at + 14 * DAY and word not in [each for each, _ in away]:
                away.append((word, now))

    assert [(m.to, m.at, m.subject) for m in year.of_kind("word_waits")] == [
        (word.mentor, at, f"A word with {word.fellow} waits") for word, at in waits
    ]
    assert [(m.to, m.at, m.subject) for m in year.of_kind("mentor_away")] == [
        (DIRECTOR, at, f"{word.mentor} has not looked for 14 days") for word, at in away
    ]
    assert REYES in {word.mentor for word, _ in away}


def test_a_reminder_names_the_day_of_a_mail_that_asked(year: Record) -> None:
    for mail in year.of_kind("word_waits"):
        zone = year.plan.mentor(mail.to).zone
        fellow = mail.subject.removeprefix("A word with ").removesuffix(" waits")
        days = {
            f"{day:%a %b} {day.day} asked"
            for each in year.asked
            for day in [day_of(each.at, zone)]
            if (each.mentor, each.fellow) == (mail.to, fellow)
        }
        assert any(day in mail.text for day in days), (days, mail.text)


# Goals.


def met_at(year: Record, goal: AgreedGoal) -> datetime | None:
    """Return when the answers to a goal met it: enough right of the latest few."""
    last_day = goal.moved_to or goal.due_on
    zone = year.plan.fellow(goal.fellow).zone
    own = [
        each
        for each in year.answers
        if (each.fellow, each.approach) == (goal.fellow, goal.approach)
        and goal.since <= each.at < moment(last_day + DAY, 0, zone)
    ]
    for at in sorted({each.at for each in own}):
        upto = [each for each in own if each.at <= at][-goal.items :]
        if sum(each.right for each in upto) >= goal.right:
            return at
    return None


def ended(year: Record, goal: AgreedGoal) -> tuple[str, datetime] | None:
    """Return what came of a goal, and when that was noted; None: it is open still."""
    if goal.agreed_at is None:
        return None
    met = met_at(year, goal)
    if met is not None:
        return "is met", next_tick(max(met, goal.agreed_at))
    over = moment((goal.moved_to or goal.due_on) + DAY, 0, year.plan.fellow(goal.fellow).zone)
    last = list(ticks())[-1]
    return ("was not reached by", next_tick(over)) if over <= last else None


def mentors_on(year: Record, fellow: str, when: datetime) -> list[str]:
    """Return who mentors a fellow then, by the fellow's day; who is away does not."""
    day = day_of(when, year.plan.fellow(fellow).zone)
    bonds = [bond for bond in year.plan.bonds if bond.fellow == fellow and bond.holds(day)]
    away = {bond.away for bond in bonds}
    return [bond.mentor for bond in bonds if bond.mentor not in away]


def test_what_came_of_a_goal_is_told_once_to_its_fellow_and_the_mentors_of_that_day(
    year: Record,
) -> None:
    wanted: Counter[tuple[str, str, datetime]] = Counter()
    for goal in year.goals:
        came = ended(year, goal)
        if came is not None:
            wanted[goal.fellow, f"Your goal {came[0]}", came[1]] += 1
            for mentor in mentors_on(year, goal.fellow, came[1]):
                wanted[mentor, f"The goal of {goal.fellow} {came[0]}", came[1]] += 1
        if goal.moved_at:
            wanted[goal.fellow, f"{goal.mentor} has moved a goal to", goal.moved_at] += 1
    told = Counter((mail.to, _without_day(mail.subject), mail.at) for mail in _ended_mails(year))

    assert told == wanted
    assert {subject.rpartition(" goal ")[2] for _, subject, _ in told} >= {"is met"}


def _ended_mails(year: Record) -> list[Mailed]:
    return year.of_kind("goal_ended")


def _without_day(subject: str) -> str:
    for words in ("was not reached by", "has moved a goal to"):
        before, found, _ = subject.partition(words)
        if found:
            return before + words
    return subject


def test_a_goal_is_proposed_once_and_agreed_to_once(year: Record) -> None:
    proposed = Counter(mail.to for mail in year.of_kind("goal_proposed"))
    answered = year.of_kind("goal_answered")

    assert proposed == Counter(goal.fellow for goal in year.goals)
    assert len(answered) == sum(
        len(mentors_on(year, goal.fellow, goal.agreed_at)) for goal in year.goals if goal.agreed_at
    )


def test_weekly_mails_say_once_that_a_goal_has_ended(year: Record) -> None:
    said: Counter[tuple[str, str, str]] = Counter()
    for mail in year.of_kind("digest"):
        for each in read(mail):
            for line in each.lines:
                if line.strip().startswith(("Goal met:", "Goal not reached:")):
                    said[mail.to, each.fellow, line.strip().partition(". By the")[0]] += 1

    assert said
    assert set(said.values()) == {1}


# The measures.


def test_the_measures_of_a_cohort_are_those_by_hand(year: Record) -> None:
    assert len(year.pages) == 4
    for (now, place), page in year.pages.items():
        fellows = {each.name for each in year.plan.fellows if each.cohort == place}
        asked = [each for each in year.asked if each.fellow in fellows and each.at < now]
        answered = [each for each in asked if each.answered_at and each.answered_at < now]
        days = [
            (each.talked_on - day_of(each.at, year.plan.mentor(each.mentor).zone)).days
            for each in answered
            if each.talked_on
        ]
        talks = f"{median(days):g} (median of {len(days)} talk{'s' if len(days) > 1 else ''})"
        ends = [
            came[0]
            for goal in year.goals
            if goal.fellow in fellows and (came := ended(year, goal)) and came[1] < now
        ]
        goals = f"{ends.count('is met')} of {len(ends)}" if ends else "None has ended yet"

        assert f"Words asked for and acknowledged {len(answered)} of {len(asked)} " in page
        assert f"Days from the mail to a talk {talks} " in page
        assert f"Goals met {goals} " in page
        assert asked
        assert days


def test_nothing_is_mailed_twice(year: Record) -> None:
    said = Counter((mail.to, mail.kind, mail.text) for mail in year.mails)

    assert [key for key, count in said.items() if count > 1] == []


def test_a_week_has_one_weekly_mail_for_each_mentor_at_most(year: Record) -> None:
    weeks: Counter[tuple[str, date]] = Counter()
    for mail in year.of_kind("digest"):
        day = day_of(mail.at, year.plan.mentor(mail.to).zone)
        weeks[mail.to, day - timedelta(days=day.weekday())] += 1

    assert set(weeks.values()) == {1}
