"""Cases that want a panel, panels that are asked, and what they answer."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lms.cases.models import CaseVersion, StoredCase
from lms.cases.revisions import publish_version
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.places import filled
from lms.panels import services
from lms.panels.answering import answer
from lms.panels.models import Panel, Panelist
from lms.panels.queries import PanelistAnswer
from lms.people.models import Role, User
from tests.attempts.factories import SECRET, choice_item
from tests.cases.texts import case_file, load, publisher
from tests.factories import NOW, make_user

SLUG = "a-low-count"


KEYS = ("platelets", "one-class")


def panel_item(key: str = "platelets", **changes: Any) -> dict[str, Any]:
    """Return a script-concordance item that wants a panel."""
    return {
        "key": key,
        "type": "script_concordance",
        "scale": "treatment",
        "idea": f"Kyphoplasty, {key}",
        "finding": f"Platelets are 71,000/mcL, {key}",
        "lead_in": "How does this finding change the idea?",
        "panel": "wanted",
        "why": f"An expert weighs {SECRET} " + "reason " * 12,
    } | changes


def panel_case(slug: str = SLUG, *keys: str, **changes: Any) -> tuple[str, str]:
    """Return name and text of a case with an item of another kind and two for a panel."""
    items = [choice_item(), *(panel_item(key) for key in keys or KEYS)]
    return case_file(slug, *items, **changes)


def make_asked(
    people: int = 12, *, slug: str = SLUG, now: datetime = NOW
) -> tuple[User, list[str]]:
    """Return who asked a panel of *people* about the case loaded, and the links' secrets."""
    load(panel_case(slug))
    with transaction():
        faculty = make_user(Role.FACULTY, name="Dr. Samuel Adeyemi")
        services.invite(faculty, slug, addresses(people), now=now)
    return faculty, secrets_of(db.session.scalars(db.select(Message).order_by(Message.id)))


def addresses(people: int, start: int = 0) -> str:
    """Return the lines of as many people."""
    return "\n".join(
        f"Dr. Expert {number} <expert{number:03}@example.org>"
        for number in range(start, start + people)
    )


def secret_of(message: Message) -> str:
    """Return the secret of the link in a mail."""
    found = re.search(rb"/panel/([\w.-]+)", filled(message))
    assert found is not None
    return found[1].decode()


def secrets_of(messages: Iterable[Message]) -> list[str]:
    """Return the secrets of the links in *messages*."""
    return [secret_of(message) for message in messages]


def all_of(point: int, comment: str = "") -> dict[str, PanelistAnswer]:
    """Return an answer to both items."""
    return {key: PanelistAnswer(point, comment) for key in KEYS}


def answer_with(secrets: list[str], points: Iterable[int], now: datetime = NOW) -> None:
    """Have the owners of *secrets* answer both items, each with a point."""
    for secret, point in zip(secrets, points, strict=False):
        with transaction():
            answer(secret, all_of(point), now=now)


def the_panel() -> Panel:
    """Return the only panel, read afresh."""
    return db.session.scalars(db.select(Panel).execution_options(populate_existing=True)).one()


def panelist(email: str) -> Panelist:
    """Return who has *email*, read afresh."""
    return db.session.scalars(
        db.select(Panelist).where(Panelist.email == email).execution_options(populate_existing=True)
    ).one()


def versions_of(slug: str = SLUG) -> list[CaseVersion]:
    """Return the versions of a case."""
    return list(
        db.session.scalars(
            db.select(CaseVersion)
            .join(StoredCase, StoredCase.id == CaseVersion.case_id)
            .where(StoredCase.slug == slug)
            .order_by(CaseVersion.number)
        )
    )


def use_and_publish(faculty: User, now: datetime = NOW) -> None:
    """Propose what the panel answered, and have somebody else publish it."""
    with transaction():
        version = services.use_answers(faculty, SLUG, now=now)
    with transaction():
        publish_version(publisher(), version, True, now)
