"""Giving a quiz to an audience, and taking it back."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import func, select, update

from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.settings import setting
from lms.people.models import Role, User, UserRole
from lms.program.models import Cohort
from lms.quizzes import queries
from lms.quizzes.admission import check_admitted
from lms.quizzes.models import Assignment, Audience, QuizVersion
from lms.quizzes.settings import RESULTS_DELAY
from lms.quizzes.versions import newest
from question_bank.terms import Feedback, Unfinished


class Empty(Refusal):
    """Nothing to assign."""

    message = "The quiz has no items yet. Add cases or fill it by the blueprint, then assign it."


class ResultsShown(Refusal):
    """Others may have read the keys."""

    message = "Results of this assignment are shown already, so its dates stand."


class FormUsed(Refusal):
    """The form has assigned something already, and not this."""

    message = "This form was used before, and otherwise. Open it anew to assign the quiz again."


@dataclass(frozen=True)
class AssignmentTerms:
    """When a quiz is open, and how it may be taken, as who assigns it says.

    `time_limit` is in minutes for one attempt, 1 to 600; None: until it closes.
    `attempts_allowed` is 1 to 10. `results_at` None: as long after its closing as the program
    has set. A fellow may stop the clock `freezes` times, 0 to 5, for `freeze_minutes` each, 5 to
    240. `unfinished` says what becomes of an attempt whose time ends before it is handed in, with
    `grace_minutes`, 5 to 1,440, of grace.
    """

    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    time_limit: int | None = None
    attempts_allowed: int = 1
    feedback: Feedback = Feedback.GRADED
    ask_confidence: bool = True
    results_at: datetime | None = None
    freezes: int = 1
    freeze_minutes: int = 30
    unfinished: Unfinished = Unfinished.HAND_IN
    grace_minutes: int = 60


def results_of(terms: AssignmentTerms) -> datetime:
    """Return from when on answers are shown: as is said, or as the program has set."""
    return terms.results_at or usual_results(terms.closes_at)


def usual_results(closes_at: datetime) -> datetime:
    """Return from when on answers are shown to a quiz that closes then, if nothing else is said."""
    return closes_at + setting(RESULTS_DELAY).span


def assign(
    actor: User,
    quiz_id: int,
    *,
    terms: AssignmentTerms,
    now: datetime,
    cohort_id: int | None = None,
    fellow_ids: Collection[int] = (),
    form_token: str | None = None,
) -> Assignment:
    """Give the newest version of a quiz to a cohort or to fellows; it never changes again.

    What was given to the same on the same terms already is not given again, nor does one form
    (`form_token`) assign twice.

    Raises:
        NotFound: there is no such quiz, cohort or fellow.
        Archived, Empty: the quiz is not in use, or has no items.
        NotDrawn, NotLetIn: one of its cases is not to be asked any more.
        FormUsed: the form has assigned something else, or what was taken back.
        Invalid: the dates are out of order, or past.
    """
    version = newest(quiz_id)
    whom = sorted(set(fellow_ids))
    check_audience(cohort_id, whom)
    places = queries.places_of(version.id)
    if not places:
        raise Empty
    _check_dates(terms, now)
    given = asdict(terms) | {"quiz_version_id": version.id, "results_at": results_of(terms)}
    known = _known(given, cohort_id, whom, form_token)
    if known is not None:
        return known
    check_admitted({place.item.case for place in places}, actor, now)
    version.frozen_at = version.frozen_at or now
    assignment = Assignment(
        created_by=actor.id,
        created_at=now,
        form_token=form_token,
        audiences=[Audience(cohort_id=cohort_id)]
        if cohort_id
        else [Audience(fellow_id=each) for each in whom],
        **given,
    )
    db.session.add(assignment)
    db.session.flush()
    _note(actor, assignment, version, now)
    return assignment


def _note(actor: User, assignment: Assignment, version: QuizVersion, now: datetime) -> None:
    first, *more = assignment.audiences
    after: dict[str, object] = {"quiz": version.quiz_id, "version": version.number}
    if more:
        after["fellows"] = [each.fellow_id for each in assignment.audiences]
    else:
        after |= to_whom({"cohort_id": first.cohort_id, "fellow_id": first.fellow_id})
    record(actor, "quiz.assign", "assignment", assignment.id, now=now, after=after)


def to_whom(audience: Mapping[str, int | None]) -> dict[str, int]:
    """Return whom `cohort_id` or `fellow_id` means, as the audit says it."""
    return {name.removesuffix("_id"): one for name, one in audience.items() if one is not None}


def check_audience(cohort_id: int | None, fellow_ids: Collection[int]) -> None:
    """Check that a cohort is meant, or fellows, each named once.

    Raises:
        Invalid: neither is, or both are.
        NotFound: there is none such.
    """
    if (cohort_id is None) == (not fellow_ids):
        raise Invalid("Choose a cohort or single fellows.")
    if cohort_id is not None and db.session.get(Cohort, cohort_id) is None:
        raise NotFound("There is no such cohort.")
    takes = (UserRole.user_id.in_(fellow_ids), UserRole.role == Role.FELLOW)
    if db.session.scalar(select(func.count()).where(*takes)) != len(fellow_ids):
        raise NotFound("There is no such fellow.")


def _check_dates(terms: AssignmentTerms, now: datetime) -> None:
    if not terms.opens_at < terms.due_at <= terms.closes_at:
        raise Invalid("A quiz opens first, is due later, and closes when it is due or later.")
    if terms.closes_at <= now:
        raise Invalid("It would have closed already. Give a time to come.", field="closes_at")
    if terms.results_at is not None and terms.results_at < terms.closes_at:
        raise Invalid("Answers are shown when it closes, or later.", field="results_at")


def _known(
    given: dict[str, object],
    cohort_id: int | None,
    fellow_ids: Collection[int],
    form_token: str | None,
) -> Assignment | None:
    """Return what was given so already: by the same form, or to the same on the same terms."""
    meant = Audience.cohort_id == cohort_id if cohort_id else Audience.fellow_id.in_(fellow_ids)
    to_all = (
        select(Audience.assignment_id)
        .where(meant)
        .group_by(Audience.assignment_id)
        .having(func.count() == (len(fellow_ids) or 1))
    )
    same = db.session.scalar(
        select(Assignment)
        .where(Assignment.id.in_(to_all))
        .where(*(getattr(Assignment, name) == value for name, value in given.items()))
        .where(Assignment.withdrawn_at.is_(None))
        .limit(1)
    )
    if same is None and form_token is not None:
        used = select(Assignment.id).where(Assignment.form_token == form_token)
        if db.session.scalar(used) is not None:
            raise FormUsed
    return same


def hold(assignment_id: int) -> Assignment:
    """Return an assignment, which nobody begins or changes until the transaction ends.

    Who begins an attempt shares this lock (`attempts.services`); rows that only refer to the
    assignment can still be made.

    Raises:
        NotFound: there is no such assignment.
    """
    assignment: Assignment | None = db.session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if assignment is None:
        raise NotFound
    return assignment


def change_terms(
    actor: User, assignment_id: int, *, terms: AssignmentTerms, reason: str = "", now: datetime
) -> Assignment:
    """Change what an assignment says for all; who calls sets the clocks that run.

    Nothing happens if it says so already.

    Raises:
        NotFound: there is no such assignment.
        ResultsShown: it has closed, and its results are shown.
        Invalid: the dates are out of order, or past.
    """
    assignment = hold(assignment_id)
    if assignment.results_at <= now:
        raise ResultsShown
    _check_dates(terms, now)
    before = _in_words(assignment)
    changed = asdict(terms) | {"results_at": results_of(terms)}
    for name, value in changed.items():
        setattr(assignment, name, value)
    db.session.flush()
    after = _in_words(assignment)
    if after != before:
        after |= {"reason": reason} if reason else {}
        record(
            actor,
            "assignment.change",
            "assignment",
            assignment_id,
            now=now,
            before=before,
            after=after,
        )
    return assignment


def _in_words(assignment: Assignment) -> dict[str, str]:
    names = [each.name for each in fields(AssignmentTerms)]
    return {name: str(getattr(assignment, name)) for name in names}


def note_begun(assignment: Assignment, *, now: datetime) -> None:
    """Note that a fellow begins an assignment; the first counts, and it stays given for good."""
    if assignment.begun_at is None:
        db.session.execute(
            update(Assignment)
            .where(Assignment.id == assignment.id, Assignment.begun_at.is_(None))
            .values(begun_at=now)
        )


def withdraw_assignment(actor: User | None, assignment_id: int, *, now: datetime) -> None:
    """Take an assignment back: nobody can begin it any more. Who has begun it can go on.

    Nothing happens if it was taken back before.

    Raises:
        NotFound: there is no such assignment.
    """
    queries.assignment_by_id(assignment_id)
    taken_back = db.session.scalar(
        update(Assignment)
        .where(Assignment.id == assignment_id, Assignment.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(Assignment.id)
    )
    if taken_back is not None:
        record(actor, "quiz.withdraw", "assignment", assignment_id, now=now)
