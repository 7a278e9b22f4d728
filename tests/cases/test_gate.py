"""Nothing reaches a fellow that has an E finding, or that no act published."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from lms.attempts import services as attempts
from lms.attempts.models import Response
from lms.cases import queries, services
from lms.cases.cli import group
from lms.cases.content import starter_files
from lms.cases.gate import Unpublishable, _errors, faults_today, recheck
from lms.cases.incoming import read_incoming
from lms.cases.models import Approval, ApprovedBy, CaseVersion, StoredCase
from lms.cases.publishing import MayNotPublish
from lms.cases.search.models import Layer, SearchEntry
from lms.cases.search.queries import AskedFor, search
from lms.cases.signing import signed_cases
from lms.cases.versions import add_version
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.people.models import Role, User
from lms.quizzes.admission import NotDrawn
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.assigning.services import assign
from question_bank.case import case_to_json, content_hash, parse_case
from tests.attempts.factories import case_body, choice_item, make_assignment
from tests.attempts.statements import count_statements
from tests.cases.texts import case_file, load, publisher, revise_case, stored
from tests.factories import NOW, add, make_cohort, make_fellow, make_user
from tests.quizzes.test_services import TERMS
from tests.reading import place_of, words
from tests.source import MODULES

in_app = pytest.mark.usefixtures("in_app")

FLAW = {"takeaway": "Take .5 mg."}
"""Breaks L21, a rule of level E."""


def bring(*files: tuple[str, str], by: Callable[[], User] | None = None) -> services.LoadReport:
    with transaction():
        return services.load_cases(by and by(), files, now=NOW)


def rows(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def slugs_drawn() -> set[str]:
    """Return the cases that draws of the track may take."""
    ids = {
        item.case_id
        for track in ("ipm", "fm")
        for item in queries.pool(track, ["scored"], NOW.date())
    }
    return set(db.session.scalars(select(StoredCase.slug).where(StoredCase.id.in_(ids))))


def propose_flawed(slug: str = "ward") -> int:
    """Have a proposal with a flaw stand in the database, whoever put it there; its number."""
    body = parse_case(case_body(choice_item(), slug=slug) | FLAW)
    with transaction():
        case = stored(slug)
        return add_version(case, body, author=None, note="", of=None, now=NOW).number


def flaw_found_later(slug: str) -> None:
    """Have what a case says break a rule, as if the rule had come after it was published."""
    body = parse_case(case_body(choice_item(), slug=slug) | FLAW)
    said = {"body": case_to_json(body), "content_hash": content_hash(body)}
    with transaction():
        current = select(StoredCase.current_id).where(StoredCase.slug == slug).scalar_subquery()
        db.session.execute(update(CaseVersion).where(CaseVersion.id == current).values(**said))
    db.session.expire_all()
    with transaction():
        recheck(faults_today(), now=NOW)


@in_app
@pytest.mark.parametrize("by", [None, publisher])
def test_a_file_with_a_flaw_is_named_with_its_line_and_nothing_of_it_comes_in(by) -> None:
    name, text = starter_files()[0]
    flawed = text.replace("takeaway: ", "takeaway: Take .5 mg. ", 1)
    line = flawed[: flawed.index("takeaway: ")].count("\n") + 1

    report = bring((name, flawed), starter_files()[1], by=by)

    assert report.problems == [
        f"{name}:{line}: L21 E: “.5” has no zero before the point (write 0.5)"
    ]
    assert len(report.new) == 1
    assert rows(StoredCase) == rows(CaseVersion) == rows(Approval) == 1


@in_app
def test_a_case_that_shows_what_is_not_there_does_not_come_in() -> None:
    film = {"key": "film", "title": "Film", "image": "no-such.svg", "alt": "Bones."}

    report = bring(case_file("drawn", exhibits=[film]), by=publisher)

    assert report.problems == ["drawn.yaml: there is no drawing “no-such.svg”"]
    assert rows(StoredCase) == 0


@in_app
@pytest.mark.parametrize("by", [None, publisher])
def test_what_is_a_sibling_of_a_refused_file_takes_nothing_sound_with_it(by) -> None:
    flawed = case_file("flawed", **FLAW)
    line = [case_file("later", sibling_of="first"), case_file("first", sibling_of="flawed")]

    report = bring(*line, flawed, case_file("sound", sibling_of="ward"), case_file("ward"), by=by)

    assert sorted(report.new + report.proposed) == ["sound", "ward"]
    assert [problem.partition(":")[0] for problem in report.problems] == [
        "flawed.yaml", "first.yaml", "later.yaml",
    ]  # fmt: skip
    assert rows(StoredCase) == 2


@in_app
def test_what_is_a_sibling_of_a_case_of_the_bank_comes_in_though_the_file_is_refused() -> None:
    load(case_file("ward"))

    report = bring(case_file("ward", **FLAW), case_file("twin", sibling_of="ward"), by=publisher)

    assert report.new == ["twin"]


@in_app
def test_what_nobody_publishes_is_a_proposal_and_reaches_nobody() -> None:
    report = bring(case_file("ward"))

    case = stored("ward")
    assert (report.proposed, report.new) == (["ward"], [])
    assert (case.current_id, case.items, rows(Approval)) == (None, [], 0)
    assert slugs_drawn() == set()
    in_use = [SearchEntry.layer == Layer.IN_USE]
    assert search(AskedFor(), 1, today=NOW.date(), within=in_use).total == 0
    with transaction():
        quiz = quizzes.create_quiz(publisher(), title="Rounds", now=NOW)
    with pytest.raises(NotFound), transaction():
        arranging.add_case(publisher(), quiz.id, case.id, now=NOW)


@in_app
def test_a_proposal_of_a_case_in_use_is_not_what_fellows_begin_with() -> None:
    load(case_file("ward"))
    with transaction():
        fellow = make_fellow()
        given = make_assignment(fellow, cases=[stored("ward")])

    bring(case_file("ward", takeaway="Another."))

    with transaction():
        attempt = attempts.start_attempt(fellow, given.id, now=NOW)
    asked = db.session.scalars(
        select(CaseVersion.number)
        .join(Response, Response.case_version_id == CaseVersion.id)
        .where(Response.attempt_id == attempt.id)
    )
    assert set(asked) == {1}
    assert [each.number for each in queries.proposals()] == [2]


@in_app
def test_the_installation_publishes_the_starter_bank_and_nothing_else() -> None:
    name, text = starter_files()[0]

    report = bring(starter_files()[1], (name, text + "\n# ours"), case_file("ward"))

    assert len(report.new) == 1
    assert len(report.proposed) == 2
    act = db.session.scalars(select(Approval)).one()
    assert (act.who, act.user_id) == (ApprovedBy.INSTALLATION, None)


@in_app
def test_a_load_never_replaces_what_a_person_has_published_here() -> None:
    name, text = starter_files()[0]
    bring((name, text))
    bring((name, text.replace("takeaway: ", "takeaway: Ours, ", 1)), by=publisher)
    slug = db.session.scalars(select(StoredCase.slug)).one()
    ours = queries.case_by_slug(slug).version.id

    shipped = bring((name, text))
    changed = bring((name, text.replace("takeaway: ", "takeaway: Theirs, ", 1)))
    by_person = bring((name, text.replace("takeaway: ", "takeaway: Mine, ", 1)), by=publisher)

    assert shipped.unchanged == changed.proposed == by_person.proposed == [slug]
    assert queries.case_by_slug(slug).version.id == ours
    assert [each.number for each in queries.proposals()] == [4]


@in_app
def test_loading_a_proposal_again_makes_no_other_one() -> None:
    bring(case_file("ward"))

    again = bring(case_file("ward"))
    published = bring(case_file("ward"), by=publisher)

    assert again.proposed == published.new == ["ward"]
    assert rows(CaseVersion) == 1
    assert queries.proposals() == []
    deeds = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))
    assert [*deeds] == ["case.propose", "case.load"]


@in_app
def test_what_says_the_same_as_before_the_upgrade_makes_no_version() -> None:
    files = starter_files()
    bring(*files)
    with transaction():
        db.session.execute(update(CaseVersion).values(said_hash=None))
    db.session.expire_all()

    report = bring(*files)

    assert len(report.unchanged) == len(files) == rows(CaseVersion) == rows(Approval)


@in_app
@pytest.mark.parametrize("role", [Role.FELLOW, Role.MENTOR])
def test_who_does_not_look_after_the_bank_publishes_nothing(role: Role) -> None:
    bring(case_file("ward"))
    with transaction():
        person, gone = make_user(role), make_user(Role.FACULTY)
        gone.disabled_at = NOW

    for who in (person, gone):
        with pytest.raises(MayNotPublish):
            bring(case_file("other"), by=lambda who=who: who)
        with pytest.raises(MayNotPublish), transaction():
            services.publish_proposal(who, "ward", 1, now=NOW)
    assert rows(Approval) == 0


@in_app
def test_no_act_publishes_a_flaw() -> None:
    bring(case_file("ward"))
    number = propose_flawed()

    with pytest.raises(Unpublishable, match="L21, takeaway"), transaction():
        services.publish_proposal(publisher(), "ward", number, now=NOW)
    assert (stored("ward").current_id, rows(Approval)) == (None, 0)


@in_app
def test_no_revision_brings_in_a_flaw() -> None:
    load(case_file("ward"))
    case = stored("ward")
    body = queries.case_by_slug("ward").body.model_copy(update=FLAW)

    with pytest.raises(Unpublishable), transaction():
        revise_case(publisher(), case.id, body, of=case.current_id, note="", now=NOW)
    assert rows(CaseVersion) == 1


@in_app
def test_a_case_that_a_later_rule_finds_faulty_leaves_draws_and_what_runs_goes_on() -> None:
    load(case_file("ward"), case_file("sound"))
    with transaction():
        faculty, fellow = make_user(Role.FACULTY), make_fellow()
        given = make_assignment(fellow, cases=[stored("ward")])
        quiz = quizzes.create_quiz(faculty, title="Rounds", now=NOW)
        arranging.add_case(faculty, quiz.id, stored("ward").id, now=NOW)
        cohort = make_cohort()

    flaw_found_later("ward")

    assert slugs_drawn() == {"sound"}
    (faulty,) = queries.faulty_cases()
    assert faulty.fault == "L21, takeaway: “.5” has no zero before the point (write 0.5)."
    with (
        pytest.raises(NotDrawn, match="It breaks L21 of the rules"),
        transaction(),
    ):
        arranging.add_case(faculty, quiz.id, stored("ward").id, now=NOW)
    with pytest.raises(NotDrawn), transaction():
        assign(faculty, quiz.id, cohort_id=cohort.id, terms=TERMS, now=NOW)
    with transaction():
        attempts.start_attempt(fellow, given.id, now=NOW)


@in_app
def test_a_case_comes_back_when_the_fault_is_gone() -> None:
    load(case_file("ward"))
    flaw_found_later("ward")

    load(case_file("ward", takeaway="Take 0.5 mg."))

    assert (slugs_drawn(), queries.faulty_cases()) == ({"ward"}, [])
    with transaction():
        assert recheck(faults_today(), now=NOW + timedelta(days=1)) == 0


@in_app
def test_what_is_published_while_all_cases_are_looked_at_keeps_what_was_found_of_it() -> None:
    load(case_file("ward"), case_file("other"))
    flaw_found_later("ward")
    found = faults_today()

    load(case_file("ward", takeaway="Take 0.5 mg."))

    with transaction():
        assert recheck(found, now=NOW) == 0


@in_app
def test_nothing_is_read_or_looked_for_in_files_or_versions_while_others_wait() -> None:
    incoming, problems = read_incoming([case_file("ward"), case_file("other")])
    looked_for = _errors.cache_info().misses

    with transaction():
        services.bring_in(publisher(), incoming, problems, now=NOW)
    db.session.expunge_all()
    found = faults_today()
    with transaction(), count_statements() as said:
        recheck(found, now=NOW)

    assert _errors.cache_info().misses == looked_for
    assert [each for each in said if "case_version" in each] == []


@in_app
def test_a_damaged_version_is_not_drawn_and_stops_no_load() -> None:
    load(case_file("ward"))
    with transaction():
        damage = {"body": {"items": "gone"}, "content_hash": "gone", "said_hash": None}
        db.session.execute(update(CaseVersion).values(**damage))
    db.session.expire_all()
    with transaction():
        recheck(faults_today(), now=NOW)

    assert slugs_drawn() == set()
    assert bring(case_file("ward")).proposed == ["ward"]


def command(*words: str) -> Any:
    return CliRunner().invoke(group, words)


@in_app
def test_the_command_publishes_as_the_person_named(tmp_path) -> None:
    file = tmp_path / "ward.yaml"
    file.write_text(case_file("ward")[1], encoding="utf-8")
    with transaction():
        director = make_user(Role.DIRECTOR, email="ines@example.org")
        make_user(Role.FELLOW, name="Dr. Fellow", email="fellow@example.org")

    nobody = command("load", "--by", "nobody@example.org", str(file))
    fellow = command("load", "--by", "fellow@example.org", str(file))
    assert rows(StoredCase) == 0
    done = command("load", "--by", "INES@example.org", str(file))

    assert (nobody.exit_code, fellow.exit_code, done.exit_code) == (1, 1, 0)
    assert "No account has the address nobody@example.org." in nobody.output
    assert "Dr. Fellow may not publish cases" in fellow.output
    assert done.output == "1 new, 0 changed, 0 as before.\n"
    assert db.session.scalars(select(Approval)).one().user_id == director.id


@in_app
def test_the_command_says_what_it_only_proposes_and_how_to_publish_it(tmp_path) -> None:
    file = tmp_path / "ward.yaml"
    file.write_text(case_file("ward")[1], encoding="utf-8")
    with transaction():
        make_user(Role.FACULTY, email="sam@example.org")

    proposed = command("load", str(file))
    published = command("publish", "ward", "--by", "sam@example.org")
    again = command("publish", "ward", "--by", "sam@example.org")

    assert "1 proposed: ward." in proposed.output
    assert "lms bank publish --by ADDRESS ward" in proposed.output
    assert published.output == "ward: version 1 is published.\n"
    assert (again.exit_code, again.output) == (1, "Error: Nothing is proposed of a case “ward”.\n")
    assert slugs_drawn() == {"ward"}


@in_app
def test_the_command_publishes_no_flaw() -> None:
    load(case_file("ward"))
    propose_flawed()
    with transaction():
        make_user(Role.FACULTY, email="sam@example.org")

    done = command("publish", "ward", "--by", "sam@example.org")

    assert done.exit_code == 1
    assert "This case cannot be published. L21, takeaway:" in done.output
    assert queries.case_by_slug("ward").version.number == 1


@pytest.fixture
def faculty(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.FACULTY, name="Dr. Adeyemi")
    return signed_in(user)


def token(page: str, name: str = "csrf_token") -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_page_publishes_a_proposal_once(app: Flask, faculty: FlaskClient) -> None:
    with app.app_context():
        load(case_file("ward", title="Ward"))
        bring(case_file("ward", title="Ward", takeaway="Another."))
    assert "What waits to be published" in words(faculty.get("/bank"))
    assert "Version 2 is proposed" in words(faculty.get("/bank/ward?version=2"))

    page = faculty.get("/bank/ward/versions/2/publish").text
    send = {"csrf_token": token(page), "sight": token(page, "sight"), "changes_right": "no"}
    done = faculty.post("/bank/ward/versions/2/publish", data=send)
    again = faculty.post("/bank/ward/versions/2/publish", data=send)

    assert place_of(done) == "/bank/ward"
    shown = words(faculty.get("/bank/ward"))
    assert "Another." in shown
    assert "Published Dr. Adeyemi, " in shown
    assert again.status_code == 409
    assert "In use Version 1 Version 2" in words(again)
    assert "What waits to be published" not in words(faculty.get("/bank"))
    with app.app_context():
        assert rows(Approval) == 2


def test_the_page_publishes_no_flaw_and_lists_what_is_not_drawn(
    app: Flask, faculty: FlaskClient
) -> None:
    with app.app_context():
        load(case_file("ward", title="Ward"), case_file("other", title="Other"))
        propose_flawed("ward")
        flaw_found_later("other")

    page = faculty.get("/bank/ward/versions/2/publish").text
    send = {"csrf_token": token(page), "sight": token(page, "sight"), "changes_right": "no"}
    refused = faculty.post("/bank/ward/versions/2/publish", data=send, follow_redirects=True)

    assert "This case cannot be published. L21, takeaway:" in words(refused)
    listed = words(faculty.get("/bank"))
    assert "What is not drawn any more Other : It breaks L21 of the rules." in listed
    page = words(faculty.get("/bank/other"))
    assert "This case is not drawn any more L21, takeaway: “.5” has no zero" in page
    with app.app_context():
        assert queries.case_by_slug("ward").version.number == 1


def test_the_page_says_that_nobody_of_the_program_has_read_the_starter_bank(
    app: Flask, faculty: FlaskClient
) -> None:
    name, text = starter_files()[0]
    with app.app_context():
        bring((name, text))
        slug = db.session.scalars(select(StoredCase.slug)).one()

    said = "From the starter bank, Nov 25, 2026; nobody of your program has read it"
    assert said in words(faculty.get("/bank"))
    assert f"Published {said}" in words(faculty.get(f"/bank/{slug}"))


def test_the_page_says_of_every_version_who_published_it(app: Flask, faculty: FlaskClient) -> None:
    with app.app_context():
        load(case_file("ward", title="Ward"))
        with transaction():
            ines = make_user(Role.DIRECTOR, name="Dr. Ines")
        bring(case_file("ward", title="Ward", takeaway="Another."))
        with transaction():
            services.publish_proposal(ines, "ward", 2, now=NOW)
        bring(case_file("ward", title="Ward", takeaway="A third one."))

    page = words(faculty.get("/bank/ward"))

    assert "Version 3 Loaded from a file Not published" in page
    assert "Version 2 In use Loaded from a file Published: Dr. Ines, Nov 25, 2026" in page
    assert "Version 1 Loaded from a file Published: Dr. Publisher, Nov 25, 2026" in page


@pytest.mark.parametrize("number", ["0", "-1", "2", str(10**12)])
def test_there_is_no_page_for_a_version_that_is_not_there(app, faculty, number: str) -> None:
    with app.app_context():
        load(case_file("ward"))

    assert faculty.get(f"/bank/ward?version={number}").status_code == 404


def test_an_approval_is_never_changed_or_removed() -> None:
    touched = re.compile(r"(update|delete)\(\s*Approval\b|approval\.(who|user_id|at|kind) = ")

    assert [path for path in MODULES if touched.search(path.read_text("utf-8"))] == []


@in_app
def test_a_file_of_the_first_edition_that_says_it_is_signed_is_signed_by_nobody() -> None:
    body = json.loads(case_file("ward")[1]) | {"clinical_review": "signed"}

    bring(("ward.yaml", json.dumps(body)), by=publisher)

    assert signed_cases([stored("ward").id]) == set()


@in_app
def test_a_fellows_own_approval_is_no_row_without_the_fellow() -> None:
    load(case_file("ward"))
    version = queries.case_by_slug("ward").version.id

    for who, user_id, kind in (
        ("person", None, "editorial"),
        ("installation", publisher().id, "editorial"),
        ("installation", None, "clinical"),
    ):
        act = Approval(case_version_id=version, kind=kind, who=who, user_id=user_id, at=NOW)
        with pytest.raises(IntegrityError), transaction():
            add(act)
