"""The pages about a panel, for staff and for who has a link."""

import html
import re
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.cases.images import drawing_address
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.panels import services
from lms.panels.models import PanelAnswer, Panelist, PanelLink
from lms.people.models import Role, User
from tests.cases.texts import case_file, load
from tests.factories import make_user
from tests.panels.factories import (
    SLUG,
    addresses,
    answer_with,
    make_asked,
    panel_case,
    panel_item,
    panelist,
    secrets_of,
    use_and_publish,
    versions_of,
)
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import send, sight_of

MIXED = (0, 1, 1, 1, 1, 2, 2, 2, 3, 4)


HOME = f"/bank/{SLUG}/panel"


CHOOSE = "Choose one of the five answers."


@dataclass
class World:
    """A panel of twelve, who asked it in a browser, and the links."""

    app: Flask
    faculty: FlaskClient
    user: User
    secrets: list[str] = field(default_factory=list)

    def send(self, path: str = "", **data: str) -> TestResponse:
        """Send a form of the panel's page."""
        return post(self.faculty, HOME + path, HOME, data)

    def answer(self, points=MIXED) -> None:
        with self.app.app_context():
            answer_with(self.secrets, points, now=utcnow())


def post(client: FlaskClient, url: str, at: str, data: dict[str, str]) -> TestResponse:
    return send(client, url, dict(data), at=at)


@pytest.fixture
def world(app: Flask, signed_in) -> World:
    with app.app_context():
        user, secrets = make_asked(12, now=utcnow())
    return World(app, signed_in(user), user, secrets)


@pytest.fixture
def link(world: World) -> str:
    return f"/panel/{world.secrets[0]}"


@pytest.fixture
def outside(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


def test_the_case_leads_to_its_panel_and_says_how_far_it_is(app, signed_in) -> None:
    from_the_start = {}
    with app.app_context():
        user, secrets = make_asked(12, now=utcnow())
        load(panel_case("not-asked"), case_file("keyed", panel_item(panel={"counts": [2] * 5})))
    faculty = signed_in(user)

    for name in ("not-asked", "keyed", SLUG):
        from_the_start[name] = words(faculty.get(f"/bank/{name}"))
    with app.app_context():
        answer_with(secrets, MIXED[:4], now=utcnow())
    some = words(faculty.get(f"/bank/{SLUG}"))
    with app.app_context():
        answer_with(secrets, MIXED, now=utcnow())
        use_and_publish(user, utcnow())
    used = faculty.get(f"/bank/{SLUG}")

    assert "Ask a panel" in from_the_start["not-asked"]
    assert "Ask a panel" not in from_the_start["keyed"]
    assert "Panel: 0 of 10 answered" in from_the_start[SLUG]
    assert "Panel: 4 of 10 answered" in some
    assert "Panel: 10 answered" in words(used)
    assert "Formative only" in words(used)
    assert f'href="{HOME}"' in used.text


def test_the_panel_is_asked_from_the_page(app, signed_in) -> None:
    with app.app_context():
        load(panel_case("fresh"))
        with transaction():
            user = make_user(Role.DIRECTOR)
    client = signed_in(user)

    before = words(client.get("/bank/fresh/panel"))
    page = post(client, "/bank/fresh/panel", "/bank/fresh/panel", {"people": addresses(2)})
    after = words(client.get("/bank/fresh/panel"))

    assert "2 items of this case wait for a panel of at least 10" in before
    assert (page.status_code, place_of(page)) == (303, "/bank/fresh/panel")
    assert "2 people were invited. The mails are on their way." in after
    assert "Invited 2" in after
    assert "Dr. Expert 1" in after


def test_what_was_not_taken_is_listed_and_the_text_stays(world) -> None:
    page = world.send(people="nonsense\nExpert000@example.org\n<script>@x")

    assert page.status_code == 422
    said = words(page)
    assert "Nobody was invited" in said
    assert "Line 1, “nonsense”: Write a mail address" in said
    assert "expert000@example.org has been invited already." in said
    assert "<script>" not in page.text
    assert "nonsense" in page.text.partition("<textarea")[2]
    assert 'aria-invalid="true"' in page.text


def test_before_ten_have_answered_the_page_shows_their_number_only(world) -> None:
    world.answer(MIXED[:9])

    said = words(world.faculty.get(HOME))

    assert "Answered 9 of at least 10" in said
    assert "9 of 10 answered. Answers and comments appear from 10 on" in said
    assert "Chosen by" not in said
    assert "Use these answers" not in said


def test_from_ten_on_it_shows_the_counts(world) -> None:
    world.answer()

    page = world.faculty.get(HOME)

    rows = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td class="num">\s*<b>(\d+)</b> of (\d+)', page.text
    )
    assert rows[:5] == [
        ("−2 Contraindicated", "1", "10"),
        ("−1 Less appropriate", "4", "10"),
        ("0 Neither more nor less appropriate", "3", "10"),
        ("+1 More appropriate", "1", "10"),
        ("+2 Necessary", "1", "10"),
    ]
    assert "Use these answers" in page.text


@pytest.mark.parametrize(
    ("points", "warning"),
    [
        ([3] * 10, "All chose the same"),
        ([0] * 5 + [4] * 5, "The answers have two peaks"),
        ([0, 1, 2, 3, 4] * 2, "The answers are spread flat"),
        (MIXED, None),
    ],
)
def test_an_item_that_is_usually_dropped_is_named_and_not_blocked(world, points, warning) -> None:
    world.answer(points)

    page = world.faculty.get(HOME)

    assert ("an item like this is usually dropped" in page.text) == (warning is not None)
    assert (warning or "") in page.text
    assert "Use these answers" in page.text


def test_the_answers_are_used_from_the_page(world) -> None:
    world.answer()

    page = world.send("/use")
    said = words(world.faculty.get(place_of(page)))

    assert page.status_code == 303
    assert "The answers are proposed as version 2 of the case." in said
    assert "Keys of version 2" in said
    assert "Send invitations" not in said
    with world.app.app_context():
        assert len(versions_of()) == 2


def test_a_refused_deed_says_why(world) -> None:
    shown = sight_of(world.faculty.get(HOME), f"{HOME}/close")
    for path, sight, why in (
        ("/use", shown, "0 of at least 10 have answered. Wait for more."),
        ("/reminders", {}, "was written to today. Nothing was sent."),
    ):
        page = world.send(path, **sight)
        assert why in words(world.faculty.get(place_of(page)))


def test_people_are_reminded_and_withdrawn_from_the_page(world) -> None:
    with world.app.app_context(), transaction():
        db.session.execute(db.update(Panelist).values(invited_at=utcnow().replace(year=2025)))
    world.answer(MIXED[:2])
    with world.app.app_context():
        someone = panelist("expert005@example.org").id

    reminded = words(world.faculty.get(place_of(world.send("/reminders"))))
    withdrawn = words(world.faculty.get(place_of(world.send(f"/panelists/{someone}/withdraw"))))
    gone = world.send("/panelists/999999/withdraw")

    assert "10 people were reminded." in reminded
    assert "The invitation of expert005@example.org is withdrawn." in withdrawn
    assert "Invited 11" in withdrawn
    assert gone.status_code == 404


def test_a_closed_panel_can_be_followed_by_another(world) -> None:
    world.answer(MIXED[:3])

    closed = words(world.faculty.get(place_of(world.send("/close"))))
    again = world.send(people=addresses(1))
    said = words(world.faculty.get(place_of(again)))

    assert "The panel is closed. None of its answers is used." in closed
    assert "The last panel" in closed
    assert "Closed before there were enough answers." in closed
    assert "Invited 1" in said


def test_a_case_that_has_changed_since_says_so(world) -> None:
    world.answer()
    with world.app.app_context():
        load(panel_case(vignette="Another patient."))

    page = world.faculty.get(HOME)
    late = world.send(people="late@example.org")

    assert "The case has changed since this panel was asked" in page.text
    assert "Use these answers" not in page.text
    assert late.status_code == 409


def test_there_is_no_panel_page_for_a_case_without_such_items(app, world) -> None:
    with app.app_context():
        load(case_file("plain-case"))

    assert world.faculty.get("/bank/plain-case/panel").status_code == 404
    assert world.faculty.get("/bank/no-such-case/panel").status_code == 404


def test_the_link_shows_the_case_and_the_items_without_an_account(outside, link) -> None:
    page = outside.get(link)
    said = words(page)

    assert page.status_code == 200
    assert "<strong>badly</strong>" in page.text
    assert "Kyphoplasty, platelets" in said
    assert "Kyphoplasty, one-class" in said
    assert page.text.count("<fieldset") == 2
    assert page.text.count('type="radio"') == 10
    assert "next-step" not in page.text
    assert "Dr. Samuel Adeyemi asks for your judgment." in said
    assert "/sign-in" not in page.text


def test_opening_the_link_changes_nothing(app, outside, link) -> None:
    for _ in range(2):
        outside.get(link)
        outside.get(f"{link}/thanks")

    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(PanelAnswer.point))) == 0
        assert panelist("expert000@example.org").answered_at is None


def test_answers_are_sent_looked_at_and_changed(app, outside, link) -> None:
    first = {"answer-1": "1", "answer-2": "4", "comment-2": " Two\r\nlines <b>\x07 "}

    page = post(outside, link, link, first)
    thanks = words(outside.get(place_of(page)))
    again = outside.get(link)
    post(outside, link, link, {"answer-1": "0", "answer-2": "4"})

    assert (page.status_code, place_of(page)) == (303, f"{link}/thanks")
    assert "Your answers are in" in thanks
    assert "What happens next" in thanks
    assert re.findall(r'id="answer-(\d)-(\d)"[^>]* checked', again.text) == [("1", "1"), ("2", "4")]
    assert "Two\nlines &lt;b&gt;</textarea>" in again.text
    with app.app_context():
        kept = db.session.execute(
            db.select(PanelAnswer.point, PanelAnswer.comment).order_by(PanelAnswer.item_id)
        ).all()
    assert kept == [(0, None), (4, None)]


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        (
            {},
            ["Item 1: Choose one of the five answers.", "Item 2: Choose one of the five answers."],
        ),
        ({"answer-1": "2"}, ["Item 2: Choose one of the five answers."]),
        ({"answer-1": "2", "answer-2": "5"}, ["Item 2: Choose one of the five answers."]),
        ({"answer-1": "2", "answer-2": "-1"}, ["Item 2: Choose one of the five answers."]),
        ({"answer-1": "٢", "answer-2": "1"}, ["Item 1: Choose one of the five answers."]),
        (
            {"answer-1": "2", "answer-2": "2", "comment-1": "x" * 501},
            ["Item 1: The comment has 501 characters; at most 500 are kept."],
        ),
    ],
)
def test_what_is_missing_is_named_at_its_item_and_the_rest_stays(
    app, outside, link, sent, wrong
) -> None:
    page = post(outside, link, link, sent | {"comment-2": "A word"})

    assert page.status_code == 422
    assert [
        html.unescape(each) for each in re.findall(r'<a href="#item-\d">([^<]+)<', page.text)
    ] == wrong
    assert page.text.count('class="error"') == len(wrong)
    assert "A word</textarea>" in page.text
    assert len(re.findall(r' value="2" [^>]*checked', page.text)) == list(sent.values()).count("2")
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(PanelAnswer.point))) == 0


def test_a_comment_of_500_characters_with_lines_is_kept_whole(app, outside, link) -> None:
    text = "\r\n".join(["x" * 99] * 5) + "y"

    page = post(outside, link, link, {"answer-1": "1", "answer-2": "1", "comment-1": text})

    assert page.status_code == 303
    with app.app_context():
        kept = db.session.scalars(db.select(PanelAnswer.comment)).all()
    assert text.replace("\r\n", "\n") in kept


def test_the_spaces_of_a_pasted_comment_stay(app, outside, link) -> None:
    text = "10\u00a0mg of\tketamine, Dr.\u00a0Lee\u200b"

    post(outside, link, link, {"answer-1": "1", "answer-2": "1", "comment-1": text})

    with app.app_context():
        kept = db.session.scalars(db.select(PanelAnswer.comment)).all()
    assert "10 mg of ketamine, Dr. Lee" in kept


def over(outside: FlaskClient, link: str, status: int, title: str) -> None:
    for address in (link, f"{link}/thanks"):
        page = outside.get(address)
        assert (page.status_code, title in words(page)) == (status, True)
        assert "Nothing was changed." in words(page)
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "A day on the ward" not in page.text


def test_a_made_up_link_opens_nothing(outside, world) -> None:
    over(outside, "/panel/made-up", 404, "This link is not complete")


def test_a_closed_panel_opens_nothing(outside, world, link) -> None:
    world.send("/close")
    over(outside, link, 410, "This panel is closed")


def test_a_withdrawn_invitation_opens_nothing(outside, world, link) -> None:
    with world.app.app_context():
        someone = panelist("expert000@example.org").id
    world.send(f"/panelists/{someone}/withdraw")
    over(outside, link, 410, "This invitation was withdrawn")


def test_an_old_link_opens_nothing(outside, world, link) -> None:
    with world.app.app_context(), transaction():
        link_row = db.session.scalars(db.select(PanelLink).order_by(PanelLink.id)).first()
        link_row.expires_at = utcnow()
    over(outside, link, 410, "This link has run out")


def test_what_is_sent_after_the_panel_closed_is_told_so(outside, world, link) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', outside.get(link).text)[1]
    world.send("/close")

    page = outside.post(link, data={"csrf_token": token, "answer-1": "1", "answer-2": "1"})

    assert page.status_code == 410
    assert "This panel is closed" in page.text


def test_without_a_token_nothing_is_taken(app, outside, link) -> None:
    page = outside.post(link, data={"answer-1": "1", "answer-2": "1"})

    assert page.status_code == 403
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(PanelAnswer.point))) == 0


def test_a_drawing_of_the_case_comes_with_the_link_and_no_other(app, outside, signed_in) -> None:
    exhibit = {"key": "knee", "title": "Knee", "image": "knee-front.svg", "alt": "A knee."}
    with app.app_context():
        load(panel_case("drawn", exhibits=[exhibit]))
        with transaction():
            user = make_user()
            services.invite(user, "drawn", "a@example.org", now=utcnow())
        (secret,) = secrets_of(db.session.scalars(db.select(Message)))
    page = outside.get(f"/panel/{secret}")

    (address,) = re.findall(r'<img src="([^"]+)"', page.text)
    assert address == f"/panel/{secret}/exhibits/{drawing_address('knee-front.svg')}"
    assert outside.get(address).mimetype == "image/svg+xml"
    other = drawing_address("ecg-long-qt.svg")
    assert outside.get(f"/panel/{secret}/exhibits/{other}").status_code == 404
    assert outside.get(address.replace(secret, "made-up")).status_code == 404


def test_the_pages_take_as_many_statements_for_60_panelists_as_for_one(app, signed_in) -> None:
    with app.app_context():
        user, secrets = make_asked(1, now=utcnow())
    faculty, outside = signed_in(user), app.test_client()

    def count() -> list[int]:
        with app.app_context():
            answer_with(secrets[:1], [1], now=utcnow())
        found = []
        for client, path in (
            (faculty, HOME),
            (faculty, f"/bank/{SLUG}"),
            (outside, f"/panel/{secrets[0]}"),
            (outside, f"/panel/{secrets[0]}/thanks"),
        ):
            with counted(app) as statements:
                assert client.get(path).status_code == 200
            found.append(len([s for s in statements if not s.startswith(("BEGIN", "PRAGMA"))]))
        return found

    one = count()
    with app.app_context():
        for start in (1, 31):
            with transaction():
                services.invite(user, SLUG, addresses(30, start=start), now=utcnow())
        answer_with(
            secrets_of(db.session.scalars(db.select(Message).order_by(Message.id)))[:9],
            [1] * 9,
            now=utcnow(),
        )
    sixty = count()
    with app.app_context():
        answer_with(
            secrets_of(db.session.scalars(db.select(Message).order_by(Message.id))),
            [1] * 61,
            now=utcnow(),
        )
    answered = count()

    assert one == sixty
    assert answered == [one[0] + 2, *one[1:]]  # the counts and the comments
    assert max(answered) <= 16  # the page of a case says where it is used and graded, too
