"""What comes of mails: each that leaves is written down, and mentors act on what it asks."""

import re
from datetime import date, timedelta

from lms.core.aliases import number_of
from lms.core.clock import local
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.places import filled
from lms.core.mail.reading import parts_of
from lms.mentoring.goals import services as goals
from lms.mentoring.goals.models import Goal
from question_bank.goals import GoalState
from tests.mentoring.year.plan import DAY, ENDS, HOUR
from tests.mentoring.year.record import AgreedGoal, AskedWord, Mailed, Record
from tests.mentoring.year.stage import Stage
from tests.reading import words
from tests.signin.helpers import token_of

GOAL = {"items": 4, "right": 2}
"""What each goal measures."""


class Readers:
    """Those who get the mails of the year."""

    def __init__(self, stage: Stage, record: Record) -> None:
        self.stage, self.record = stage, record
        self.plan, self.clock = stage.plan, stage.clock
        self.read_up_to = 0
        self.acted = dict.fromkeys((each.name for each in self.plan.mentors), 0)

    def read(self) -> None:
        """Write down what has left since, and plan what comes of it."""
        left = db.session.scalars(
            db.select(Message)
            .where(Message.id > self.read_up_to, Message.state != MailState.CANCELLED)
            .order_by(Message.id)
        ).all()
        names = {number: name for name, number in self.stage.ids.items()}
        for message in left:
            if message.state is not MailState.SENT or message.recipient_id is None:
                break  # it is read once it has left
            self.read_up_to = message.id
            parts = parts_of(message)
            mail = Mailed(
                names[message.recipient_id], message.kind, self.clock.now, message.subject,
                _lines(parts.text), _lines(parts.html or ""), len(filled(message)),
            )  # fmt: skip
            self.record.mails.append(mail)
            if mail.kind == "digest":
                self._ask(mail)

    def _ask(self, mail: Mailed) -> None:
        mentor = self.plan.mentor(mail.to)
        asked = re.findall(
            r"^(Dr\. \w+): TALK$.*?^We talked: http://localhost(\S+)$", mail.text, re.M | re.S
        )
        for fellow, path in asked:
            word = AskedWord(mail.to, fellow, mail.at, path)
            self.record.asked.append(word)
            turn = self.acted[mail.to]
            self.acted[mail.to] += 1
            act = mentor.acts[turn % len(mentor.acts)]
            when = mail.at + (1 + turn % 4) * DAY + 3 * HOUR
            rests = mentor.rests is not None and mentor.rests.has(when.date())
            if act and not rests and when.date() < ENDS:
                self.clock.plan(when, lambda word=word, act=act: self._act(word, act))

    def _act(self, word: AskedWord, act: str) -> None:
        """Act on a mail as a mentor does, on the pages that its links lead to."""
        client = self.stage.app.test_client()
        page = client.get(word.path)
        if page.status_code == 410 or word.answer:
            return
        assert page.status_code == 200
        token = {"csrf_token": token_of(page)}
        now, mentor = self.clock.now, self.plan.mentor(word.mentor)
        today = local(now, mentor.zone).date()
        if act == "goal":
            wish = client.get(f"{word.path}/goal")
            act = "goal" if 'name="sentence"' in wish.text else "talk"
        if act == "talk":
            about = re.findall(r'name="about"[^>]*value="(\w+)"', page.text)
            sent = {"met_on": today, "agreed": f"What was agreed on {today}.", "about": about}
            done = client.post(word.path, data=token | sent)
            self._answered(word, "talked", every=True, talked_on=today)
            with self.stage.app.app_context():
                settled = map(number_of, about)
                self.record.settled |= dict.fromkeys(settled, now)
        elif act == "goal":
            approach = ("pharmacological", "interventional")[len(self.record.goals) % 2]
            due_on = local(now, self.plan.fellow(word.fellow).zone).date() + 80 * DAY
            sent = GOAL | {"sentence": "Do it.", "about": f"approach:{approach}", "due_on": due_on}
            done = client.post(f"{word.path}/goal", data=token | sent)
            self._answered(word, "goal", every=True)
            self._set(
                AgreedGoal(word.mentor, word.fellow, approach, **GOAL, since=now, due_on=due_on)
            )
        else:
            sent = {"reason": f"Told on rounds on {today}."}
            done = client.post(f"{word.path}/not-needed", data=token | sent)
            self._answered(word, "not needed")
        assert done.status_code == 303, words(done)

    def _answered(
        self, word: AskedWord, answer: str, *, every: bool = False, talked_on: date | None = None
    ) -> None:
        """Write down what was answered: a talk and a goal answer all that was asked of late."""
        now = self.clock.now
        for each in self.record.asked:
            same = (each.mentor, each.fellow) == (word.mentor, word.fellow)
            open_still = not each.answer and each.at > now - timedelta(days=30)
            if each is word or (every and same and open_still):
                each.answer, each.answered_at, each.talked_on = answer, now, talked_on

    def _set(self, goal: AgreedGoal) -> None:
        """Plan that the fellow agrees to a goal, and the mentor gives some a later day."""
        self.record.goals.append(goal)
        goal_id = db.session.scalars(db.select(db.func.max(Goal.id))).one()
        self.clock.plan(self.clock.now + 2 * DAY, lambda: self._agree(goal, goal_id))

    def _agree(self, goal: AgreedGoal, goal_id: int) -> None:
        with transaction():
            goals.agree(self.stage.person(goal.fellow), goal_id, now=self.clock.now)
        goal.agreed_at = self.clock.now
        if self.record.goals.index(goal) % 3 == 0:
            self.clock.plan(self.clock.now + 20 * DAY, lambda: self._move(goal, goal_id))

    def _move(self, goal: AgreedGoal, goal_id: int) -> None:
        mentor, today = self.stage.person(goal.mentor), self.clock.now.date()
        pair = (goal.mentor, goal.fellow)
        bonds = [each for each in self.plan.bonds if (each.mentor, each.fellow) == pair]
        if not any(bond.holds(today) for bond in bonds):
            return
        if db.session.get_one(Goal, goal_id, populate_existing=True).state is not GoalState.OPEN:
            return
        later = goal.due_on + 14 * DAY
        with transaction():
            goals.move(mentor, goal_id, later, now=self.clock.now)
        goal.moved_at, goal.moved_to = self.clock.now, later


def _lines(text: str) -> str:
    """Return a text with plain ends of lines."""
    return text.replace("\r\n", "\n")
