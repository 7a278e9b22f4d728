"""Every page of the product, with an address at which there is something to see.

A new page wants a line here: the name of its view, its address with the `arguments` of the site,
and what is done there before one looks. Who looks follows from whom the view is open to.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask

from lms.people.models import Role
from lms.signin.access import ANYONE, SIGNED_IN


@dataclass(frozen=True)
class Visit:
    """A page to look at. `who`: of `PEOPLE`; empty: one of each role that may see it.

    The page has `status`. Then a field is filled, by its label, and the button `press` is pressed.
    """

    view: str
    address: str
    who: str = ""
    press: str = ""
    field: tuple[str, str] = ("", "")
    status: int = 200

    def __str__(self) -> str:
        """Name it in a test's report."""
        return f"{self.address}{f' [{self.press}]' if self.press else ''}"


ROSTER = (
    "email,name,roles,cohort,track,starts_on,ends_on,mentor_email,time_zone\n"
    "kim@example.org,Dr. Kim,fellow,,,,,mentor@demo.example,\n"
    "lee@example.org,,judge,No such cohort,,,,,\n"
)


BROKEN = "health.readyz"
"""The site has it break as asked."""


VISITS = (
    Visit("signin.sign_in", "/sign-in"),
    Visit("signin.sign_in", "/sign-in", press="Sign in"),
    Visit("signin.forgot", "/forgot"),
    Visit("signin.forgot", "/forgot", press="Mail me a link"),
    Visit("signin.forgot", "/forgot", press="Mail me a link", field=("Email", "a@example.org")),
    Visit("signin.use_link", "/links/{secret}"),
    Visit("signin.use_link", "/links/{secret}", press="Set password and sign in"),
    Visit("signin.use_link", "/links/spent", status=410),
    Visit("accounts.settings", "/settings"),
    Visit("accounts.settings", "/settings", "fellow", press="Change password"),
    Visit("accounts.people", "/people"),
    Visit("accounts.people", "/people?q=nobody"),
    Visit("accounts.person", "/people/{person}"),
    Visit("accommodating.show", "/people/{person}/time"),
    Visit("accommodating.show", "/people/{person}/time", press="Give more time"),
    Visit("accounts.invite", "/people/invite"),
    Visit("accounts.invite", "/people/invite", press="Send invitation"),
    Visit("program.cohorts", "/cohorts"),
    Visit("program.new_cohort", "/cohorts/new"),
    Visit("program.new_cohort", "/cohorts/new", press="Create cohort"),
    Visit("program.cohort", "/cohorts/{cohort}"),
    Visit("program.member", "/memberships/{membership}"),
    Visit("handover.hand_over", "/memberships/{membership}/mentors/{mentorship}/hand-over"),
    Visit(
        "handover.hand_over",
        "/memberships/{membership}/mentors/{mentorship}/hand-over",
        press="Hand over",
    ),
    Visit("directing.person", "/people/{person}/training"),
    Visit("writing.write", "/cohorts/{cohort}/mentors/message"),
    Visit("writing.write", "/cohorts/{cohort}/mentors/message", press="Look at it first"),
    Visit("deputies.away", "/people/{mentor}/away"),
    Visit("deputies.away", "/people/{mentor}/away", "mentor", press="Name the deputy"),
    Visit("rosters.roster", "/roster"),
    Visit("rosters.roster", "/roster", press="Check the roster"),
    Visit("rosters.roster", "/roster", press="Check the roster", field=("Or paste it", ROSTER)),
    Visit("bank.index", "/bank"),
    Visit("bank.index", "/bank?words=no+such+case"),
    Visit("bank.index", "/bank?words=naloxone&level=judgement&needs=signature&order=review"),
    Visit("bank.index", "/bank?words=naloxone&level=recall&approach=psychological"),
    Visit("bank.coverage", "/bank/coverage"),
    Visit("together.tag", "/chosen/tag?case={chosen}"),
    Visit("together.tag", "/chosen/tag?case={chosen}", "faculty", press="Tag 1 case"),
    Visit("together.ask", "/chosen/ask?case={chosen}"),
    Visit("together.retire", "/chosen/retire?case={chosen}"),
    Visit("authoring.edit", "/drafts/{draft}"),
    Visit("authoring.edit", "/drafts/{blank_draft}"),
    Visit("authoring.preview", "/drafts/{draft}/preview"),
    Visit("drafts.new", "/drafts/new"),
    Visit("drafts.new", "/drafts/new?case=every-kind", "faculty"),
    Visit("drafts.new", "/drafts/new?words=kind", "faculty", press="Split it and begin"),
    Visit("drafts.states", "/drafts/{draft}/states"),
    Visit("drafts.state", "/drafts/{draft}/states/0"),
    Visit("drafts.state", "/drafts/{odds_draft}/states/0"),
    Visit("drafts.conflict", "/drafts/{odds_draft}/conflict", "faculty"),
    Visit("drafts.facts", "/drafts/{draft}/facts?words=naloxone"),
    Visit("drafts.facts", "/drafts/{draft}/facts", "faculty", press="Write it down and add it"),
    Visit("retyping.kind", "/drafts/{draft}/items/i1/kind"),
    Visit("retyping.kind", "/drafts/{draft}/items/i1/kind", "faculty", press="Change the kind"),
    Visit("advice.show", "/drafts/{draft}/advice"),
    Visit("pictures.pictures", "/drafts/{draft}/pictures"),
    Visit("sending.send", "/drafts/{draft}/send"),
    Visit("sending.send", "/drafts/{blank_draft}/send", "faculty"),
    Visit("sending.threads", "/drafts/{faculty_draft}/threads", "faculty"),
    Visit("sending.threads", "/drafts/{director_draft}/threads", "director"),
    *(
        visit
        for who in ("faculty", "director")
        for visit in (
            Visit("reviews.review", f"/reviews/{{{who}_review}}", who),
            Visit("reviews.decline", f"/reviews/{{{who}_review}}/decline", who),
            Visit("reviews.comment", f"/reviews/{{{who}_review}}/comments", who),
            Visit("reviews.change", f"/reviews/{{{who}_review}}/comments/{{{who}_comment}}", who),
        )
    ),
    Visit("publishing.publish", "/bank/written-by-director/versions/1/publish", "faculty"),
    Visit("publishing.publish", "/bank/written-by-faculty/versions/1/publish", "director"),
    Visit("history.versions", "/bank/every-kind/versions"),
    Visit("history.owner", "/bank/every-kind/owner"),
    Visit("history.retire", "/bank/every-kind/retire"),
    Visit("signing.queue", "/sign", "faculty"),
    Visit("signing.queue", "/sign", "director"),
    Visit("signing.queue", "/sign", "mentor", status=404),
    Visit("signing.case", "/bank/a-tracing-before-methadone/sign", "faculty"),
    Visit("signing.case", "/bank/a-tracing-before-methadone/sign", "director"),
    Visit("signing.case", "/bank/a-tracing-before-methadone/sign", "mentor", status=404),
    Visit("facts.fact", "/facts/P61"),
    Visit("work.index", "/work"),
    Visit("drafts.conflict", "/drafts/{odds_draft}/conflict", "director"),
    Visit("bank.case", "/bank/a-tracing-before-methadone"),
    Visit("bank.case", "/bank/under-the-collarbone", "faculty"),
    Visit("bank.case", "/bank/every-kind", "faculty"),
    Visit("panels.panel", "/bank/asking-for-the-drip/panel"),
    Visit("panels.panel", "/bank/the-night-after-a-cesarean/panel", "faculty"),
    Visit("panels.panel", "/bank/asking-for-the-drip/panel", "faculty", "Send invitations"),
    Visit("panels.panel", "/bank/every-kind/panel", "faculty"),
    Visit("panels.answer", "/panel/{panel}"),
    Visit("panels.answer", "/panel/{panel}", press="Send answers"),
    Visit("panels.answer", "/panel/{answered_panel}"),
    Visit("panels.answer", "/panel/spent", status=404),
    Visit("panels.thanks", "/panel/{answered_panel}/thanks"),
    Visit("quizzes.index", "/quizzes"),
    Visit("quizzes.index", "/quizzes?archived=1", "faculty"),
    Visit("quizzes.new", "/quizzes/new"),
    Visit("quizzes.new", "/quizzes/new", "faculty", press="Create quiz"),
    Visit("quizzes.quiz", "/quizzes/{quiz}"),
    Visit("quizzes.preview", "/quizzes/{quiz}/preview"),
    *(Visit("quizzes.preview", f"/quizzes/{{quiz}}/preview?case={n}", "faculty") for n in (4, 7)),
    Visit("quizzes.quiz", "/quizzes/{quiz}", "faculty", "Save points", ("Points of item 10", "99")),
    Visit("adding.find", "/quizzes/{quiz}/add"),
    Visit("adding.find", "/quizzes/{quiz}/add?words=no+such+case", "faculty"),
    Visit("trying.case", "/bank/every-kind/try"),
    Visit("trying.case", "/bank/every-kind/try", "faculty", "See key and reasons"),
    Visit("trying.case", "/bank/a-dose-that-climbs/try", "faculty", "Lock answers and go on"),
    Visit("trying.quiz", "/quizzes/{quiz}/try"),
    Visit("trying.draft", "/drafts/{draft}/try"),
    Visit("trying.draft", "/drafts/{blank_draft}/try", "faculty"),
    Visit("quizzes.assign", "/quizzes/{quiz}/assign"),
    Visit("quizzes.assign", "/quizzes/{quiz}/assign", "faculty", "Assign quiz", ("Due", "")),
    Visit("supervision.assignment", "/assignments/{assignment}"),
    Visit("messaging.write", "/assignments/{assignment}/message"),
    Visit("exporting.answers", "/assignments/{assignment}/answers"),
    Visit(
        "exporting.answers",
        "/assignments/{assignment}/answers",
        press="Take out the answers and tell the fellow",
    ),
    Visit("freezing.freeze", "/attempts/{running}/freeze"),
    Visit("freezing.freeze", "/attempts/{running}/freeze", press="Stop the clock"),
    Visit("freezing.freeze", "/attempts/{graded}/freeze"),
    Visit("dates.change", "/assignments/{assignment}/dates"),
    Visit(
        "dates.change",
        "/assignments/{assignment}/dates",
        "faculty",
        "See who is affected",
        ("Due", ""),
    ),
    Visit(
        "dates.change",
        "/assignments/{assignment}/dates",
        "director",
        "See who is affected",
        ("Attempts allowed", "9"),
    ),
    Visit("audiences.audience", "/assignments/{assignment}/audience"),
    Visit("audiences.audience", "/assignments/{assignment}/audience", press="Give and tell"),
    Visit("extending.extend", "/assignments/{assignment}/extend"),
    Visit("extending.extend", "/assignments/{assignment}/extend?fellow={person}"),
    Visit("extending.extend", "/assignments/{assignment}/extend", press="Extend and tell"),
    Visit("reopening.reopen", "/attempts/{graded}/reopen"),
    Visit("reopening.reopen", "/attempts/{running}/reopen"),
    Visit("marking.index", "/marking"),
    Visit("marking.answer", "/marking/{essay}"),
    Visit("marking.answer", "/marking/{essay}", "faculty", press="Save marks"),
    Visit("home.fellow", "/home", "fellow"),
    Visit("home.fellow", "/home", "newcomer"),
    Visit("taking.begin", "/assignments/{assignment}/begin", "fellow"),
    Visit("taking.begin", "/assignments/{assignment}/begin", "graded"),
    *(Visit("taking.case", f"/attempts/{{running}}/cases/{n}", "fellow") for n in range(1, 8)),
    Visit("taking.case", "/attempts/{running}/cases/5", "fellow", press="Lock item"),
    Visit("taking.overview", "/attempts/{running}", "fellow"),
    Visit("results.result", "/attempts/{old}/result", "fellow"),
    Visit("results.result", "/attempts/{graded}/result", "graded"),
    Visit("results.result", "/attempts/{waiting}/result", "waiting"),
    Visit("progress.mine", "/progress", "fellow"),
    Visit("progress.mine", "/progress", "newcomer"),
    Visit("mentoring.fellows", "/fellows", "mentor"),
    Visit("mentoring.fellows", "/fellows", "newcomer"),
    Visit("mentoring.fellow", "/fellows/{person}"),
    Visit("mentoring.answer", "/fellows/{person}/answers/{missed}"),
    Visit("acting.talked", "/act/{act}"),
    Visit("acting.goal", "/act/{act}/goal"),
    Visit("acting.goal", "/act/{act}/goal", press="Propose it"),
    Visit("acting.not_needed", "/act/{act}/not-needed"),
    Visit("acting.not_needed", "/act/{act}/not-needed", press="Not needed"),
    Visit("acting.talked", "/act/{spent_act}"),
    Visit("goals.new", "/fellows/{person}/goals/new"),
    Visit("goals.new", "/fellows/{person}/goals/new", press="Propose it to Dr. Amina Diallo"),
    Visit("goals.goal", "/goals/{goal}"),
    Visit("goals.goal", "/goals/{goal}", "mentor", press="Move it"),
    Visit("goals.goal", "/goals/{wished}"),
    Visit("goals.another", "/goals/{goal}/another"),
    Visit("goals.another", "/goals/{goal}/another", "fellow", press="Propose it"),
    Visit("wishing.new", "/fellows/{person}/short-quiz"),
    Visit("wishing.new", "/fellows/{person}/short-quiz", press="Ask a director for it"),
    Visit("wishing.wish", "/short-quizzes/{short_quiz}"),
    Visit("wishing.wish", "/short-quizzes/{short_quiz}", "director", press="Decline it"),
    Visit("printing.prepare", "/fellows/{person}/prepare"),
    Visit("meetings.index", "/meetings"),
    Visit("meetings.new", "/fellows/{person}/meetings/new"),
    Visit("meetings.new", "/fellows/{person}/meetings/new", press="Note the meeting"),
    Visit("meetings.meeting", "/meetings/{meeting}"),
    Visit("mentoring.cohort", "/cohorts/{cohort}/progress"),
    Visit("digests.index", "/digests", "mentor"),
    Visit("digests.index", "/digests", "newcomer"),
    Visit("digests.digest", "/digests/{digest}"),
    Visit("notices.unsubscribe", "/unsubscribe/{token}"),
    Visit("operations.records", "/records"),
    Visit("operations.records", "/records?state=failed"),
    Visit("operations.program", "/settings/program"),
    Visit("operations.program", "/settings/program", "director", "Save settings", ("Until", "")),
    Visit("operations.attempts", "/records/attempts"),
    Visit("operations.refused", "/records/attempts/refused"),
    Visit("operations.runs", "/records/runs"),
    Visit("jobs.index", "/jobs"),
    Visit("jobs.job", "/jobs/{job}", "director"),
    Visit("jobs.job", "/jobs/{failed_job}", "director"),
    Visit("jobs.job", "/jobs/{done_job}", "director"),
    Visit("jobs.job", "/jobs/{printed}", "mentor"),
    *(Visit("jobs.job", "/jobs/{job}", who, status=404) for who in ("fellow", "mentor", "faculty")),
    Visit("operations.audit", "/audit"),
    Visit("operations.audit", "/audit?person=nobody"),
    Visit("operations.mailbox", "/mailbox"),
    Visit("operations.message", "/mailbox/{mail}"),
    Visit("operations.message_html", "/mailbox/{mail}/html"),
    Visit("no such page", "/no-such-page", "nobody", status=404),
    Visit("no such page", "/no-such-page", "fellow", status=404),
    Visit("accounts.people", "/people", "fellow", status=403),
    *(Visit(BROKEN, f"/readyz?as={n}", "fellow", status=n) for n in (409, 422, 429, 500)),
)


NO_PAGES = {
    "static",
    "health.healthz",
    "health.readyz",
    "jobs.status",
    "operations.open_mailbox",
    "taking.status",
    "bank.exhibit",
    "exporting.items",
    "exporting.scores",
    "supervision.now",
    "calendar.feed",
    "calendar.quiz",
    "panels.exhibit",
    "printing.download",
    "rosters.export",
    "home.index",
    "notices.read",
}
"""Views whose answer to a GET is no page of HTML, or another page."""


def visits_of(app: Flask) -> Iterable[tuple[Visit, str]]:
    """Yield every visit with each person who pays it."""
    for visit in VISITS:
        for who in [visit.who] if visit.who else visitors(app, visit.view):
            yield visit, who


def visitors(app: Flask, view: str) -> list[str]:
    """Return one person for each role to which *view* is open, or nobody in particular."""
    allowed = app.view_functions[view].allowed  # type: ignore[attr-defined]
    if allowed == ANYONE:
        return ["nobody"]
    return [role.value for role in Role if allowed == SIGNED_IN or role in allowed]


def not_visited(app: Flask) -> set[tuple[str, str]]:
    """Return each view that gives a page, with each role that has no visit to it."""
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    wanted = {(view, who) for view in pages - NO_PAGES for who in visitors(app, view)}
    return wanted - {(visit.view, who) for visit, who in visits_of(app)}
