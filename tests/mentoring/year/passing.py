"""How the year passes: beat rings, fellows answer, and what is planned happens."""

from collections.abc import Iterator
from datetime import date, datetime, time

from lms.attempts import services as attempts
from lms.attempts.models import Response
from lms.core.clock import at
from lms.core.db import db, transaction
from lms.mentoring.digests.services import choose
from lms.results.services import say_in_own_words
from lms.signin import sessions
from lms.taking.incoming_saves import Packet, ShownAnswer
from lms.taking.saving import save_response
from lms.taking.shown_order import as_shown
from tests.mentoring.year.acting import Readers
from tests.mentoring.year.plan import (
    BEGINS,
    DAY,
    EASTERN,
    ENDS,
    GIVEN_ON,
    HANDED_OVER,
    HOUR,
    ITO,
    OLSEN,
    STOOD_IN,
    PlannedFellow,
    PlannedMentor,
    PlannedQuiz,
)
from tests.mentoring.year.record import Answered, Record, Words
from tests.mentoring.year.stage import DIRECTOR, HARMFUL, RIGHT, WRONG, Stage
from tests.reading import words

Tasks = tuple[str, ...]

DAILY = (
    "attempts.sweep",
    "supervision.remind",
    "mentoring.send_due_digests",
    "mentoring.settle_goals",
    "mentoring.nudge",
    "mail.sweep",
)

AROUND = ("mentoring.send_due_digests",)
"""What beat rings for that has to do with mails: once a day, and around when one may be due."""


class Year:
    """A year that passes on a stage, and the record of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.plan, self.clock = stage, stage.plan, stage.clock
        self.record = Record(stage.plan)
        self.readers = Readers(stage, self.record)

    def pass_by(self) -> Record:
        """Let the whole year pass, and return what was written down."""
        self._plan()
        for act in self.clock.passes():
            with self.stage.app.app_context():
                act()
                self.stage.work_off()
                self.readers.read()
        return self.record

    def _plan(self) -> None:
        for moment, tasks in self._beats():
            self.clock.plan(moment, lambda tasks=tasks: self._beat(tasks))
        for quiz in self.plan.quizzes:
            self.clock.plan(quiz.opens - 3 * DAY, lambda quiz=quiz: self.stage.give(quiz))
            for fellow in self.plan.fellows:
                begins = fellow.takes(quiz.number, quiz.opens)
                if fellow.cohort == quiz.cohort and begins:
                    self.clock.plan(begins, lambda f=fellow, q=quiz: self._take(f, q))
        for last in (HANDED_OVER, GIVEN_ON):
            noon = at(last, time(12), EASTERN)
            self.clock.plan(noon, lambda last=last: self.stage.hand_over(last))
        named = at(STOOD_IN.first - DAY, time(12), EASTERN)
        self.clock.plan(named, lambda: self.stage.let_stand_in(OLSEN, ITO, STOOD_IN))
        for name, changes in self.plan.rhythms.items():
            for day, rhythm in changes:
                noon = at(day, time(12), EASTERN)
                self.clock.plan(noon, lambda name=name, rhythm=rhythm: self._choose(name, rhythm))
        for day in (date(2028, 1, 18), date(2028, 6, 29)):
            self.clock.plan(at(day, time(12, 30), EASTERN), self._look_at_cohorts)

    def _beats(self) -> Iterator[tuple[datetime, Tasks]]:
        """Yield when beat rings for what: each hour around when a weekly mail may be due."""
        for number in range((ENDS - BEGINS).days):
            day = BEGINS + number * DAY
            yield at(day, time(12), "UTC"), DAILY
            dues = {
                at(day, time(hour), mentor.zone)
                for mentor in self.plan.mentors
                for weekday, hour in self._rhythms(mentor)
                if day.weekday() == weekday
            }
            for moment in sorted({due + late * HOUR for due in dues for late in (-1, 0, 1)}):
                yield moment, AROUND

    def _rhythms(self, mentor: PlannedMentor) -> set[tuple[int, int]]:
        """Return on which weekdays and at which hours a mentor ever gets the mail."""
        own = [mentor.rhythm, *(rhythm for _, rhythm in self.plan.rhythms.get(mentor.name, ()))]
        return {(each.weekday, each.hour) if each else (0, 6) for each in own}

    def _beat(self, tasks: Tasks) -> None:
        for task in tasks:
            self.stage.run(task)

    def _choose(self, name: str, rhythm: object) -> None:
        with transaction():
            choose(self.stage.person(name), rhythm, now=self.clock.now)

    def _take(self, fellow: PlannedFellow, quiz: PlannedQuiz) -> None:
        """Begin a quiz, answer it, and hand it in half an hour later."""
        person, now = self.stage.person(fellow.name), self.clock.now
        with transaction():
            given = self.stage.given[quiz]
            attempt_id = attempts.start_attempt(person, given, now=now, seed=quiz.number).id
        rows = db.session.execute(
            db.select(Response.position, Response.topic, Response.order, Response.id)
            .where(Response.attempt_id == attempt_id)
            .order_by(Response.position)
        ).all()
        wrong, answered = 0, []
        for row in rows:
            right = fellow.is_right(quiz.number, row.topic)
            wrong += not right
            unsafe = not right and fellow.harms > 0 and wrong % fellow.harms == 0
            chosen = RIGHT if right else HARMFUL if unsafe else WRONG
            shown = ShownAnswer(as_shown({"chosen": chosen}, row.order))
            with transaction():
                save_response(person, attempt_id, row.position, Packet("page", 1, now, shown))
            answered.append((row.topic, right, unsafe, row.id))
        self.clock.plan(
            now + HOUR / 2, lambda: self._hand_in(fellow, quiz, attempt_id, saved=now, of=answered)
        )

    def _hand_in(
        self,
        fellow: PlannedFellow,
        quiz: PlannedQuiz,
        attempt_id: int,
        *,
        saved: datetime,
        of: list[tuple[str, bool, bool, int]],
    ) -> None:
        now = self.clock.now
        with transaction():
            attempts.submit_attempt(self.stage.person(fellow.name), attempt_id, now=now)
        self.stage.work_off()
        self.record.answers += [
            Answered(fellow.name, quiz, topic, right, unsafe, saved, now, response_id)
            for topic, right, unsafe, response_id in of
        ]
        if quiz.number % 3 == 0:
            text = f"I struggled with what {quiz.title} asked of {fellow.name}."
            with transaction():
                say_in_own_words(attempt_id, text, now=now)
            self.record.words.append(Words(fellow.name, text, now))

    def _look_at_cohorts(self) -> None:
        """Let the director read the page of each cohort."""
        client = self.stage.app.test_client()
        with transaction():
            director = self.stage.person(DIRECTOR)
            secret = sessions.start(director, browser="test", now=self.clock.now)
        with client.session_transaction() as session:
            session["_user_id"] = secret
        for place, cohort_id in enumerate(self.stage.cohorts):
            page = client.get(f"/cohorts/{cohort_id}/progress")
            assert page.status_code == 200
            self.record.pages[self.clock.now, place] = words(page)
