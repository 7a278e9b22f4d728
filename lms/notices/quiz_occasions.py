"""On what people are told something of quizzes that are given; each can be stopped by itself."""

from enum import StrEnum

from lms.notices.kinds import can_each_be_stopped
from lms.people.models import Role


class QuizOccasion(StrEnum):
    """What has happened with a quiz that is given; the kind of the mail and of its notice."""

    QUIZ_ASSIGNED = "quiz_assigned"
    QUIZ_OPENS = "quiz_opens"
    QUIZ_DUE = "quiz_due"
    TIME_RUNS_OUT = "time_runs_out"
    QUIZ_GRADED = "quiz_graded"
    QUIZ_CHANGED = "quiz_changed"
    QUIZ_EXTENDED = "quiz_extended"
    ESSAYS_WAIT = "essays_wait"
    NOT_BEGUN = "not_begun"
    MAILS_FAILED = "mails_failed"
    ANSWERS_TO_LOOK_AT = "answers_to_look_at"
    QUIZ_MESSAGE = "quiz_message"
    ANSWERS_TAKEN_OUT = "answers_taken_out"


_FELLOWS = {
    QuizOccasion.QUIZ_ASSIGNED: ("mail about new quizzes", "A quiz is assigned to you."),
    QuizOccasion.QUIZ_OPENS: ("mail when quizzes open", "A quiz that was assigned to you opens."),
    QuizOccasion.QUIZ_DUE: (
        "reminder of due dates",
        "A quiz is due within 48 hours, and you have not handed it in.",
    ),
    QuizOccasion.TIME_RUNS_OUT: (
        "reminder of running quizzes",
        "The time of a quiz that you have begun runs out within a day.",
    ),
    QuizOccasion.QUIZ_GRADED: (
        "mail about results",
        "A quiz of yours is graded, or its time ended, or your written answers are marked.",
    ),
    QuizOccasion.QUIZ_CHANGED: (
        "mail about changed dates",
        "Dates or rules of a quiz change that was assigned to you.",
    ),
    QuizOccasion.QUIZ_EXTENDED: (
        "mail about more time",
        "You are given more time, other dates or another attempt.",
    ),
    QuizOccasion.QUIZ_MESSAGE: (
        "messages about quizzes",
        "A director writes to those who have not begun a quiz.",
    ),
    QuizOccasion.ANSWERS_TAKEN_OUT: (
        "mail about answers that were taken out",
        "A director has taken out a copy of your answers.",
    ),
}


_FACULTY = {
    QuizOccasion.ESSAYS_WAIT: (
        "mail about answers to mark",
        "Written answers of fellows wait to be marked.",
    ),
}

_DIRECTORS = {
    QuizOccasion.NOT_BEGUN: (
        "mail about quizzes not begun",
        "A quiz is due within a day, and fellows have not begun it.",
    ),
    QuizOccasion.MAILS_FAILED: ("mail about failed mails", "Mails could not be delivered."),
    QuizOccasion.ANSWERS_TO_LOOK_AT: (
        "mail about late answers",
        "Answers came late or could not be taken, and want to be looked at.",
    ),
}

can_each_be_stopped(
    _FELLOWS, frozenset({Role.FELLOW}), left="What there is to do stays on your home page."
)
can_each_be_stopped(
    _FACULTY,
    frozenset({Role.FACULTY, Role.DIRECTOR}),
    left="What waits for marks stays under Marking.",
)
can_each_be_stopped(
    _DIRECTORS,
    frozenset({Role.DIRECTOR}),
    left="The pages about quizzes and mails go on saying it.",
)
