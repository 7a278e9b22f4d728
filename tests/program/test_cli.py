from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from lms.core.clock import say_date
from lms.core.commands import today
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.people.queries import user_by_email
from lms.program.cli import group
from lms.program.models import Membership
from tests.factories import make_cohort, make_fellow, make_track, make_user

Run = Callable[..., Result]


@pytest.fixture
def run(in_app: Flask) -> Run:
    return lambda *words: CliRunner().invoke(group, list(words))


def test_a_cohort_is_created_filled_and_listed(run: Run) -> None:
    with transaction():
        make_track("ipm")
        fellow, mentor = make_fellow(), make_user(Role.MENTOR)
    days = ("--starts-on", "2026-07-01", "--ends-on", "2027-06-30")

    made = run("create", "Class of 2027", "--track", "ipm", *days)
    added = run("add-member", "class of 2027", fellow.email, "--starts-on", "2026-07-02")
    given = run("mentor", mentor.email, fellow.email, "--starts-on", "2026-07-01")

    assert made.output == "Created Class of 2027.\n"
    assert added.output == f"Added {fellow.email} to Class of 2027.\n"
    assert given.output == f"{mentor.email} is now a mentor of {fellow.email}.\n"
    assert "ipm\t2026-07-01 to 2027-06-30\t" in run("list").output


@pytest.mark.parametrize("begins_in", [-30, 30], ids=["a cohort that runs", "one to come"])
def test_who_is_added_joins_today_or_when_the_cohort_begins(run: Run, begins_in: int) -> None:
    day = today()
    with transaction():
        fellow, cohort = make_fellow(), make_cohort(name="This one")
        cohort.starts_on = day + timedelta(days=begins_in)
        cohort.ends_on = day + timedelta(days=300)

    run("add-member", "This one", fellow.email)

    (begun,) = db.session.scalars(db.select(Membership.starts_on))
    assert begun == max(day, day + timedelta(days=begins_in))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add-member", "Nowhere", "x@example.org"], "There is no cohort “Nowhere”."),
        (["add-member", "Class of 2027", "x@example.org"], "No account has the address"),
        (["mentor", "x@example.org", "y@example.org"], "No account has the address"),
        (
            [
                "create",
                "X",
                "--track",
                "no",
                "--starts-on",
                "2026-07-01",
                "--ends-on",
                "2027-06-30",
            ],
            "There is no track no, only ipm.",
        ),
        (["create", "X", "--track", "ipm", "--starts-on", "soon"], "“soon” is not a date."),
    ],
)
def test_a_refusal_is_a_sentence_and_an_exit_status(run: Run, words: list[str], said: str) -> None:
    with transaction():
        make_cohort(name="Class of 2027")

    result = run(*words)

    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_roster_is_imported_after_a_dry_run(run: Run, tmp_path: Path) -> None:
    with transaction():
        cohort = make_cohort(name="Class of 2027")
        cohort.starts_on, cohort.ends_on = (today() + timedelta(days=n) for n in (-30, 300))
    file = tmp_path / "roster.csv"
    file.write_text(
        "name;email;roles;cohort\nDr. Ana;ana@example.org;fellow;Class of 2027\nX;x;fellow;\n"
    )

    dry = run("import", str(file), "--dry-run")
    assert user_by_email("ana@example.org") is None
    real, again = run("import", str(file)), run("import", str(file))

    assert dry.output.splitlines() == [
        "line 2, ana@example.org: Invite as fellow. Add to Class of 2027 "
        f"from {say_date(today())}.",
        "line 3, email: “x” is not a mail address.",
        "1 would be imported, 1 left, 0 without anything new.",
    ]
    assert real.output.endswith("1 imported, 1 left, 0 without anything new.\n")
    assert again.output.endswith("0 imported, 1 left, 1 without anything new.\n")


def test_a_file_that_is_no_roster_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes("Müller".encode("utf-16"))
    assert "CSV UTF-8" in run("import", str(file)).output

    file.write_text("name\nx")
    assert "“email” column" in run("import", str(file), "--dry-run").output
    assert run("import", str(file)).exit_code == 1
