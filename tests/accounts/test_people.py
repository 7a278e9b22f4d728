from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from lms.accounts import services
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.core.mail import Message
from lms.people import queries
from lms.people.models import Discipline, Role, User, UserRole
from lms.people.queries import PersonState
from lms.signin import inviting
from tests.factories import NOW, make_user
from tests.reading import place_of, words
from tests.signin.helpers import counted, is_in, person, send, sign_in


def invite(**other: Any) -> User:
    facts: dict[str, Any] = {
        "email": "amara.okafor@example.org",
        "name": "Dr. Amara Okafor",
        "roles": [Role.FELLOW],
        "time_zone": "America/Chicago",
    }
    return inviting.invite_user(None, **(facts | other), now=NOW)


def deeds(action: str) -> list[AuditEvent]:
    return list(db.session.scalars(db.select(AuditEvent).where(AuditEvent.action == action)))


def test_an_invited_person_is_kept_in_one_form_and_mailed(in_app: Flask) -> None:
    with transaction():
        user = invite(
            email="  Amara.OKAFOR@Example.org ",
            name="  Dr.  Amara\tOkafor ",
            roles=[Role.MENTOR, Role.FELLOW],
        )

    assert user.email == "amara.okafor@example.org"
    assert user.name == "Dr. Amara Okafor"
    assert user.roles == {Role.FELLOW, Role.MENTOR}
    assert queries.state_of(user) is PersonState.INVITED
    assert db.session.scalars(db.select(Message.address)).all() == ["amara.okafor@example.org"]
    assert deeds("user.invite")[0].after == {
        "email": "amara.okafor@example.org",
        "name": "Dr. Amara Okafor",
        "roles": ["fellow", "mentor"],
    }


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a..b@example.org"}, "email"),
        ({"email": "a@example.org\r\nBcc: x@example.org"}, "email"),
        ({"email": "á@example.org"}, "email"),
        ({"email": "a" * 65 + "@example.org"}, "email"),
        ({"email": "<a@example.org>"}, "email"),
        ({"email": "=?utf-8?q?amara?=@example.org"}, "email"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Dr. \u202eAmara"}, "name"),
        ({"name": "Dr. \x00"}, "name"),
        ({"roles": []}, "roles"),
        ({"time_zone": "Mars/One"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
    ],
)
def test_a_misfit_is_refused_and_names_its_field(
    in_app: Flask, other: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        invite(**other)

    assert refused.value.field == field
    assert db.session.scalars(db.select(User)).all() == []


def test_an_address_is_taken_once_however_it_is_written(in_app: Flask) -> None:
    with transaction():
        invite()

    with pytest.raises(inviting.AddressKnown), transaction():
        invite(email="AMARA.OKAFOR@EXAMPLE.ORG")

    assert len(db.session.scalars(db.select(Message)).all()) == 1


def test_a_refused_address_leaves_the_transaction_usable(in_app: Flask) -> None:
    with transaction():
        invite()
        with pytest.raises(inviting.AddressKnown):
            invite()
        invite(email="second@example.org")

    assert len(db.session.scalars(db.select(User)).all()) == 2


def test_the_last_active_director_keeps_the_role_and_the_account(in_app: Flask) -> None:
    with transaction():
        one, two = make_user(Role.DIRECTOR), make_user(Role.DIRECTOR)
        services.disable(one, two.id, now=NOW)

    with pytest.raises(services.LastDirector), transaction():
        services.change_roles(one, one.id, [Role.FACULTY], now=NOW)
    with pytest.raises(services.LastDirector), transaction():
        services.disable(None, one.id, now=NOW)

    assert queries.user_by_id(one.id).roles == {Role.DIRECTOR}


def test_two_directors_who_drop_each_other_at_once_leave_one(app: Flask) -> None:
    with app.app_context(), transaction():
        one, two = make_user(Role.DIRECTOR), make_user(Role.DIRECTOR)

    def drop(pair: tuple[User, User]) -> bool:
        actor, other = pair
        with app.app_context():
            try:
                with transaction():
                    services.disable(actor, other.id, now=NOW)
            except services.LastDirector:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        dropped = list(pool.map(drop, [(one, two), (two, one)]))

    assert sorted(dropped) == [False, True]


def test_a_director_cannot_disable_the_own_account(in_app: Flask) -> None:
    with transaction():
        one = make_user(Role.DIRECTOR)
        make_user(Role.DIRECTOR)

    with pytest.raises(services.OwnAccount), transaction():
        services.disable(one, one.id, now=NOW)


def test_other_roles_are_audited_and_the_same_ones_change_nothing(in_app: Flask) -> None:
    with transaction():
        director, user = make_user(Role.DIRECTOR), make_user(Role.FELLOW, Role.MENTOR)
    with transaction():
        services.change_roles(director, user.id, [Role.MENTOR, Role.FACULTY], now=NOW)
        services.change_roles(director, user.id, [Role.FACULTY, Role.MENTOR], now=NOW)

    rows = db.session.scalars(db.select(UserRole.role).where(UserRole.user_id == user.id)).all()
    assert set(rows) == {Role.MENTOR, Role.FACULTY}
    assert [(deed.before, deed.after) for deed in deeds("user.roles")] == [
        ({"roles": ["fellow", "mentor"]}, {"roles": ["faculty", "mentor"]})
    ]


def test_nobody_is_without_a_role(in_app: Flask) -> None:
    with transaction():
        director, user = make_user(Role.DIRECTOR), make_user(Role.FELLOW)

    with pytest.raises(Invalid) as refused, transaction():
        services.change_roles(director, user.id, [], now=NOW)

    assert refused.value.field == "roles"


def test_an_absent_person_is_not_found(in_app: Flask) -> None:
    with transaction():
        director = make_user(Role.DIRECTOR)

    for act in (services.disable, services.enable, inviting.invite_again):
        with pytest.raises(NotFound), transaction():
            act(director, 987_654, now=NOW)


def test_changed_roles_sign_the_person_out_everywhere(app: Flask) -> None:
    director, user = person(app, Role.DIRECTOR), person(app, Role.FELLOW)
    theirs, mine = sign_in(app, user), sign_in(app, director)

    send(mine, f"/people/{user.id}/roles", {"roles": ["mentor"]}, at=f"/people/{user.id}")

    assert not is_in(theirs)
    assert is_in(mine)


@pytest.mark.parametrize(
    ("roles", "warned"),
    [(["fellow", "faculty"], True), (["fellow", "mentor"], True), (["faculty"], False)],
)
def test_who_gives_a_fellow_a_staff_role_is_warned_that_keys_stay_closed(
    app: Flask, roles: list[str], warned: bool
) -> None:
    director, user = person(app, Role.DIRECTOR), person(app, Role.FELLOW)
    mine, page = sign_in(app, director), f"/people/{user.id}"

    send(mine, f"{page}/roles", {"roles": roles}, at=page)

    said = f"{user.name} is a fellow too: while {user.name} may be asked cases"
    assert (said in words(mine.get(page))) is warned


def test_who_changes_the_own_roles_goes_on_in_a_new_session(app: Flask) -> None:
    director = person(app, Role.DIRECTOR)
    mine, other = sign_in(app, director), sign_in(app, director)
    old = mine.get_cookie("session")
    page = f"/people/{director.id}"

    send(mine, f"{page}/roles", {"roles": ["director", "mentor"]}, at=page)

    thief = app.test_client()
    assert old is not None
    thief.set_cookie("session", old.value)
    assert is_in(mine)
    assert not is_in(other)
    assert not is_in(thief)


def test_who_gives_up_the_own_director_role_goes_to_what_is_left(app: Flask) -> None:
    person(app, Role.DIRECTOR)
    director = person(app, Role.DIRECTOR, Role.FACULTY)
    browser = sign_in(app, director)
    page = f"/people/{director.id}"

    done = send(browser, f"{page}/roles", {"roles": ["faculty"]}, at=page)
    landed = browser.get(place_of(done), follow_redirects=True)

    assert landed.status_code == 200
    assert "are saved." in landed.text


def test_a_director_invites_at_the_page(app: Flask) -> None:
    client = sign_in(app, person(app, Role.DIRECTOR))
    data = {
        "name": "Dr. Lena Vogt",
        "email": "Lena@example.org",
        "roles": ["fellow", "mentor"],
        "time_zone": "UTC",
    }

    page = send(client, "/people/invite", data)
    said = client.get("/people").text
    again = send(client, "/people/invite", data)
    empty = send(client, "/people/invite", {})

    assert place_of(page) == "/people"
    assert "An invitation is on its way to lena@example.org" in said
    assert again.status_code == 422
    assert "There is already an account with this address." in again.text
    assert 'id="email-error"' in again.text
    assert empty.status_code == 422
    assert "Choose at least one role." in empty.text


def test_a_role_or_zone_that_is_not_offered_is_refused(app: Flask) -> None:
    client = sign_in(app, person(app, Role.DIRECTOR))
    data = {"name": "Dr. X", "email": "x@example.org", "roles": ["root"], "time_zone": "Mars/One"}

    page = send(client, "/people/invite", data)

    assert page.status_code == 422
    with app.app_context():
        assert queries.user_by_email("x@example.org") is None


@pytest.mark.parametrize("deed", ["disable", "enable", "invite"])
def test_what_a_director_may_not_do_is_said_on_the_page(app: Flask, deed: str) -> None:
    director = person(app, Role.DIRECTOR)
    client = sign_in(app, director)
    page = f"/people/{director.id}"

    answer = send(client, f"{page}/{deed}", {}, at=page)

    assert place_of(answer) == page
    said = client.get(page).text
    assert ("cannot disable your own" in said) == (deed == "disable")
    assert ("not waiting for an invitation" in said) == (deed == "invite")
    assert client.post(f"{page}/delete").status_code in (403, 404)


def test_disabling_and_enabling_at_the_page(app: Flask) -> None:
    director, user = person(app, Role.DIRECTOR), person(app, Role.FELLOW, name="Dr. Lena Vogt")
    client, theirs = sign_in(app, director), sign_in(app, user)
    page = f"/people/{user.id}"

    send(client, f"{page}/disable", {}, at=page)

    assert not is_in(theirs)
    assert "Enable account" in client.get(page).text
    send(client, f"{page}/enable", {}, at=page)
    assert is_in(sign_in(app, user))


def test_the_list_finds_by_name_role_and_state(app: Flask) -> None:
    director = person(app, Role.DIRECTOR, name="Dr. Helen Marsh")
    with app.app_context(), transaction():
        make_user(Role.FELLOW, name="Dr. Percent 100%")
        shut = make_user(Role.FELLOW, Role.MENTOR, name="Dr. Shut")
        services.disable(director, shut.id, now=utcnow())
    client = sign_in(app, director)

    def names(query: str) -> set[str]:
        page = client.get("/people" + query)
        assert page.status_code == 200
        known = ("Helen Marsh", "Percent", "Shut")
        table = page.text.split("<main")[1]
        return {name for name in known if f"Dr. {name}" in table}

    assert names("") == {"Helen Marsh", "Percent", "Shut"}
    assert names("?role=mentor") == {"Shut"}
    assert names("?state=invited") == {"Percent"}
    assert names("?state=disabled&role=fellow") == {"Shut"}
    assert names("?q=HELEN") == {"Helen Marsh"}
    assert names("?q=100%25") == {"Percent"}
    assert names("?q=%25") == {"Percent"}
    assert names("?q=_") == set()
    assert names("?role=root&state=x&page=0") == {"Helen Marsh", "Percent", "Shut"}
    assert names("?page=99999999999999999999") == {"Helen Marsh", "Percent", "Shut"}
    assert names("?q=%00") == {"Helen Marsh", "Percent", "Shut"}


def test_the_list_finds_words_in_any_order_with_accents_or_without(app: Flask) -> None:
    client = sign_in(app, person(app, Role.DIRECTOR))
    with app.app_context(), transaction():
        maria = make_user(Role.FELLOW, name="Dr. María Gärtner", email="mg@example.org")

    def finds(query: str) -> bool:
        return "Dr. María Gärtner" in client.get("/people", query_string={"q": query}).text

    assert all(map(finds, ("gartner maria", "GÄRTNER", "artn", "mg@example", "maría  mg@")))
    assert not any(map(finds, ("gartner mario", "mg@example.net", "\u0301")))
    with app.app_context(), transaction():
        services.mend_person(None, maria.id, name="Dr. Zoë Ünal", email="zu@a.org", now=utcnow())
    page = client.get("/people", query_string={"q": "unal zoe zu@a"}).text
    assert "Dr. Zoë Ünal" in page
    assert "Nobody matches" in client.get("/people", query_string={"q": "gartner"}).text


def test_the_list_takes_as_many_statements_for_60_people_as_for_one(app: Flask) -> None:
    client = sign_in(app, person(app, Role.DIRECTOR))
    counts = []
    for more in (0, 60):
        with app.app_context(), transaction():
            for _ in range(more):
                make_user(Role.FELLOW, Role.MENTOR)
        with counted(app) as count:
            page = client.get("/people")
        counts.append(count())

    assert "Page 1 of 2" in page.text
    assert counts[0] == counts[1] <= 6


def test_a_name_is_shown_as_text_wherever_it_stands(app: Flask) -> None:
    hostile = "<script>alert(1)</script>"
    director = person(app, Role.DIRECTOR)
    user = person(app, Role.FELLOW, name=hostile)
    client = sign_in(app, director)

    for url in ("/people", f"/people/{user.id}"):
        text = client.get(url).text
        assert hostile not in text
        assert "&lt;script&gt;" in text


def test_what_a_person_was_trained_in_is_set_by_a_director_and_on_record(app: Flask) -> None:
    director, user = person(app, Role.DIRECTOR), person(app, Role.FACULTY)
    browser, page = sign_in(app, director), f"/people/{user.id}"
    form = {"discipline": "physical_medicine", "clinician": "y"}

    done = send(browser, f"{page}/profession", form, at=page)
    send(browser, f"{page}/profession", form, at=page)

    assert (done.status_code, place_of(done)) == (302, page)
    shown = browser.get(page).text
    assert "Physical medicine and rehabilitation" in shown
    assert 'value="physical_medicine"' in shown
    with app.app_context():
        kept = queries.user_by_id(user.id)
        assert (kept.discipline, kept.clinician) == (Discipline.REHABILITATION, True)
        assert [(deed.before, deed.after) for deed in deeds("user.profession")] == [
            (
                {"discipline": None, "clinician": False},
                {"discipline": "physical_medicine", "clinician": True},
            )
        ]
    send(browser, f"{page}/profession", {"discipline": ""}, at=page)
    with app.app_context():
        kept = queries.user_by_id(user.id)
        assert (kept.discipline, kept.clinician) == (None, False)


def test_a_discipline_that_there_is_not_is_refused_at_its_field(app: Flask) -> None:
    director, user = person(app, Role.DIRECTOR), person(app, Role.FACULTY)
    browser, page = sign_in(app, director), f"/people/{user.id}"

    done = send(browser, f"{page}/profession", {"discipline": "alchemy"}, at=page)

    assert done.status_code == 422
    assert 'aria-invalid="true"' in done.text
    assert deeds_of(app) == []


def deeds_of(app: Flask) -> list[AuditEvent]:
    with app.app_context():
        return deeds("user.profession")
