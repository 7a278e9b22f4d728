"""Cases, quizzes and assignments to be taken, with answers whose credit is known."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from lms.attempts import services
from lms.attempts.models import Attempt, Response
from lms.cases.editions import NowAsked, keep_editions
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, CaseVersion, Item, StoredCase
from lms.core.db import db, transaction
from lms.grading.models import Grade
from lms.grading.queries import COUNTS
from lms.people.models import Role, User
from lms.program.blueprint import blueprint
from lms.quizzes.models import Assignment, Audience, Quiz, QuizItem, QuizVersion
from question_bank.case import case_to_json, content_hash, parse_case
from question_bank.terms import Feedback, Unfinished
from tests.factories import NOW, add, make_cohort, make_fellow, make_user
from tests.question_bank.builders import case_data

_serial = count(1)


SECRET = "zanzibar"
"""Stands in every text that only the result page may show."""

PLANNED = "narwhal"
"""Stands in every text of a case that no page of a fellow shows, the result no more than others."""


def choice_item(key: str = "next-step", **changes: Any) -> dict[str, Any]:
    """Return a single-best-answer item whose authored option 1 is the key."""
    options = [
        {"text": f"{key} {word}", "why": f"Why {word} of {key}: {SECRET} " + "reason " * 12}
        for word in ("first", "second", "third", "fourth")
    ]
    options[1]["key"] = True  # type: ignore[assignment]
    options[0]["misconception"] = f"Mixes up {PLANNED} and {key}"
    return {
        "key": key,
        "type": "single_best_answer",
        "lead_in": f"Which of the following is best for {key}?",
        "covered_answer": f"Covered {SECRET} {key}",
        "options": options,
    } | changes


def several_item(key: str = "safe-drugs") -> dict[str, Any]:
    """Return a multiple-response item whose authored options 0 and 2 are the keys."""
    item = choice_item(key) | {"type": "multiple_response", "choose": 2}
    for place, option in enumerate(item["options"]):
        option["key"] = place in (0, 2)
    return item


def number_item(key: str = "total-dose") -> dict[str, Any]:
    """Return a numeric item: 100 mg/day, 2 to either side."""
    return {
        "key": key,
        "type": "numeric",
        "lead_in": f"What total daily dose does {key} amount to?",
        "covered_answer": f"Covered {SECRET}",
        "answer": "100",
        "tolerance": {"absolute": "2"},
        "unit": "mg/day",
        "why": f"Arithmetic {SECRET} " + "reason " * 12,
        "mistakes": [{"value": "60", "why": f"Forgot a dose {SECRET} " + "reason " * 12}],
    }


def words_item(key: str = "name-the-drug") -> dict[str, Any]:
    """Return a short-answer item: naloxone."""
    return {
        "key": key,
        "type": "short_answer",
        "lead_in": f"Which drug does {key} call for?",
        "covered_answer": f"Covered {SECRET}",
        "accept": ["naloxone"],
        "why": f"Naloxone since {SECRET} " + "reason " * 12,
        "mistakes": [{"text": "flumazenil", "why": f"Another {SECRET} " + "reason " * 12}],
    }


ALL_KINDS = (choice_item(), several_item(), number_item(), words_item())


def case_body(*items: dict[str, Any], slug: str) -> dict[str, Any]:
    """Return the JSON of a case with *items*, which keeps its secrets until the result."""
    return case_data(
        *items,
        slug=slug,
        title=f"A day on the ward, {slug}",
        topic="pharm-opioid-prescribing",
        level="judgement",
        condition="cond-cancer",
        population=[],
        facts=["P11"],
        vignette=f"A man in {slug} hurts **badly**.\n\n| Drug | Dose |\n|---|---|\n| A | 1 |",
        decision=f"Decide on {PLANNED} today.",
        takeaway=f"Take away {SECRET}.",
        references=[
            {
                "authors": "Dowell D",
                "title": "Guideline",
                "source": "MMWR 2022;71(3)",
                "year": 2022,
                "doi": "10.15585/mmwr.rr7103a1",
                "supports": f"Supports {SECRET}.",
            }
        ],
        reviewed_on="2026-11-25",
        review_by="2028-11-25",
    )


def make_case(*items: dict[str, Any]) -> StoredCase:
    """Return a case in the bank, with one version in use."""
    return store_case(case_body(*items, slug=f"case-{next(_serial)}"))


def store_case(raw: dict[str, Any]) -> StoredCase:
    """Return the case that *raw* describes, in the bank, with one version in use."""
    body = parse_case(raw)
    approach = blueprint().approach_of(body.topic)
    case = add(
        StoredCase(
            slug=body.slug,
            title=body.title,
            topic=body.topic,
            approach=approach,
            level=body.questions[0].level,
            tracks=" ".join(body.tracks),
            unfolds=body.unfolds,
            review_by=date.fromisoformat(raw["review_by"]),
            items=[
                Item(
                    key=item.key,
                    position=position,
                    kind=item.type,
                    use=item.use,
                    topic=body.topic,
                    approach=approach,
                    condition=body.condition,
                    level=item.level,
                )
                for position, item in enumerate(body.questions, start=1)
            ],
        )
    )
    version = add(
        CaseVersion(
            case_id=case.id,
            number=1,
            body=case_to_json(body),
            content_hash=content_hash(body),
            sibling_of=body.sibling_of,
            change_note="New",
            created_at=NOW,
        )
    )
    case.current_id = version.id
    add(
        Approval(
            case_version_id=version.id,
            kind=ApprovalKind.EDITORIAL,
            who=ApprovedBy.INSTALLATION,
            at=NOW,
        )
    )
    keep_editions([NowAsked(version, body, case.items, replaced=None, changed=None)])
    return case


def make_assignment(
    *fellows: User,
    cases: list[StoredCase] | None = None,
    opens_in: timedelta = -timedelta(days=1),
    due_in: timedelta = timedelta(days=3),
    closes_in: timedelta = timedelta(days=5),
    time_limit: int | None = 30,
    attempts_allowed: int = 1,
    feedback: Feedback = Feedback.GRADED,
    results_in: timedelta | None = None,
    points: dict[int, int] | None = None,
    unfinished: Unfinished = Unfinished.HAND_IN,
) -> Assignment:
    """Return a quiz given to a cohort of *fellows*; by default one case with all four kinds.

    *points* is what its items weigh, by position, where it is not what their cases say.
    """
    cases = cases if cases is not None else [make_case(*ALL_KINDS)]
    faculty = make_user(Role.FACULTY)
    items = [item for case in cases for item in case.items]
    quiz = add(
        Quiz(
            title=f"Quiz {next(_serial)}: rounds",
            formative=any(item.use == "formative" for item in items),
            owner_id=faculty.id,
            created_at=NOW,
        )
    )
    version = add(QuizVersion(quiz_id=quiz.id, number=1, created_at=NOW, frozen_at=NOW))
    for position, item in enumerate(items, start=1):
        add(
            QuizItem(
                quiz_version_id=version.id,
                position=position,
                item_id=item.id,
                points=(points or {}).get(position),
            )
        )
    return add(
        Assignment(
            quiz_version_id=version.id,
            audiences=[Audience(cohort_id=make_cohort(*fellows).id)],
            opens_at=NOW + opens_in,
            due_at=NOW + due_in,
            closes_at=NOW + closes_in,
            results_at=NOW + (closes_in if results_in is None else results_in),
            time_limit=time_limit,
            attempts_allowed=attempts_allowed,
            feedback=feedback,
            unfinished=unfinished,
            created_by=faculty.id,
            created_at=NOW,
        )
    )


def begin(seed: int = 7, **terms: Any) -> tuple[User, Attempt]:
    """Return a fellow and an attempt begun at `NOW`; opens its own transaction."""
    with transaction():
        fellow = make_fellow()
        assignment = make_assignment(fellow, **terms)
        attempt = services.start_attempt(fellow, assignment.id, now=NOW, seed=seed)
    return fellow, attempt


def shown_place(attempt_id: int, position: int, authored: int) -> int:
    """Return at which place the fellow sees the option with index *authored*."""
    order = db.session.scalars(
        db.select(Response.order).where(
            Response.attempt_id == attempt_id, Response.position == position
        )
    ).one()
    return order.index(authored)


def answer_of(attempt_id: int, position: int) -> Any:
    """Return what is stored, read afresh."""
    return row_of(attempt_id, position).answer


def grade_of(attempt_id: int, position: int) -> Grade | None:
    """Return the grade of a response that counts, read afresh; None: it has none yet."""
    return db.session.scalar(
        db.select(Grade)
        .join(Response, COUNTS)
        .where(Response.attempt_id == attempt_id, Response.position == position)
        .execution_options(populate_existing=True)
    )


def row_of(attempt_id: int, position: int) -> Response:
    """Return a response, read afresh."""
    return db.session.scalars(
        db.select(Response)
        .where(Response.attempt_id == attempt_id, Response.position == position)
        .execution_options(populate_existing=True)
    ).one()
