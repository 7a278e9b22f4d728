"""The top bar: where a person may go."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from lms.people.models import Role, User

NAV: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.FELLOW: (("Home", "home.fellow"), ("My progress", "progress.mine")),
    Role.MENTOR: (
        ("My fellows", "mentoring.fellows"),
        ("Meetings", "meetings.index"),
        ("Mails", "digests.index"),
    ),
    Role.FACULTY: (
        ("My work", "work.index"),
        ("Bank", "bank.index"),
        ("Quizzes", "quizzes.index"),
        ("Marking", "marking.index"),
    ),
    Role.DIRECTOR: (
        ("Cohorts", "program.cohorts"),
        ("People", "accounts.people"),
        ("Quizzes", "quizzes.index"),
        ("All mails", "operations.records"),
    ),
}
"""Label and endpoint of the top bar's entries for each role."""

_OWN = {"accounts.settings", "accounts.change_password"}
"""Pages that belong to no entry of the top bar."""

_UNDER = {
    "taking": "home",
    "results": "home",
    "panels": "bank",
    "authoring": "bank",
    "drafts": "bank",
    "facts": "bank",
    "advice": "bank",
    "pictures": "bank",
    "history": "bank",
    "retyping": "bank",
    "publishing": "bank",
    "signing": "bank",
    "together": "bank",
    "trying": "bank",
    "sending": "bank",
    "reviews": "work",
    "trying.quiz": "quizzes",
    "adding": "quizzes",
    "supervision": "quizzes",
    "exporting": "quizzes",
    "messaging": "quizzes",
    "dates": "quizzes",
    "audiences": "quizzes",
    "extending": "quizzes",
    "reopening": "quizzes",
    "accommodating": "accounts",
    "freezing": "quizzes",
    "rosters": "program",
    "deputies": "mentoring accounts",
    "handover": "program",
    "directing": "accounts",
    "writing": "program",
    "goals": "mentoring progress program",
    "wishing": "mentoring progress program",
    "notices": "digests",
    "printing": "mentoring progress",
    "jobs": "operations mentoring progress",
    "mentoring.cohort": "program",
}
"""Rooms and pages that belong to another room's entry: the first of those that a person has."""


@dataclass(frozen=True)
class NavEntry:
    """One entry of the top bar."""

    label: str
    url: str
    current: bool


def navigation(user: User | None) -> list[NavEntry]:
    """Return the entries of *user*'s top bar; a person with several roles has them all."""
    if user is None:
        return []
    entries = dict(entry for role in Role if role in user.roles for entry in NAV.get(role, ()))
    blueprint = "" if request.endpoint in _OWN else (request.endpoint or "").split(".")[0]
    rooms = {endpoint.split(".")[0] for endpoint in entries.values()}
    under = _UNDER.get(request.endpoint or "", _UNDER.get(blueprint, blueprint))
    here = next((room for room in under.split() if room in rooms), "")
    return [
        NavEntry(label, url_for(endpoint), current=endpoint.split(".")[0] == here)
        for label, endpoint in entries.items()
        if endpoint in current_app.view_functions
    ]
