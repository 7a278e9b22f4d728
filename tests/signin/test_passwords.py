import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import User
from lms.signin import password_rules, passwords, services
from tests.factories import make_fellow
from tests.signin.helpers import PASSWORD

ABOUT = ("amara.okafor@example.org", "Dr. Amara Okafor")


@pytest.mark.parametrize(
    "text",
    [passwords.NOBODY, passwords.hash_password(PASSWORD)],
    ids=["nobody's", "a person's"],  # a hash is another in each worker
)
def test_hashes_are_argon2id_with_19_mib_two_passes_and_one_lane(text: str) -> None:
    found = extract_parameters(text)

    assert found.type is Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)


def test_a_password_is_right_however_the_keyboard_composes_it() -> None:
    composed, decomposed = "caf\u00e9 on the long pier", "cafe\u0301 on the long pier"

    assert passwords.is_right(passwords.hash_password(composed), decomposed)
    assert not passwords.is_right(passwords.hash_password(composed), composed + " ")


@pytest.mark.parametrize("text", [None, "", "plain", "$argon2id$broken"])
def test_nothing_is_right_where_there_is_no_hash(text: str | None) -> None:
    assert not passwords.is_right(text, PASSWORD)


@pytest.mark.parametrize(
    ("password", "part"),
    [
        pytest.param("elevenchars", "12 characters or more", id="too short"),
        pytest.param("x1y2" * 51, "at most 200", id="too long"),
        pytest.param("Password1234", "guessed first", id="common, in capitals"),
        pytest.param("correcthorsebatterystaple", "guessed first", id="the famous one"),
        pytest.param("aaaaaaaaaaaaaaaa", "guessed first", id="one letter"),
        pytest.param("ab1!ab1!ab1!ab1!", "guessed first", id="a short thing over and over"),
        pytest.param("cdefghijklmnop", "guessed first", id="a run along the alphabet"),
        pytest.param("amara.okafor@example.org", "name or the address", id="the address"),
        pytest.param("Amara.Okafor", "name or the address", id="its first part"),
        pytest.param("drAMARAokafor", "name or the address", id="the name"),
        pytest.param("AmaraOkafor2026!", "name and years", id="the name and a year"),
        pytest.param("0k@f0r-rounds-1", "name and years", id="the name in signs"),
        pytest.param("june-10-1987", "name and years", id="a date of birth"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused_with_a_sentence(
    password: str, part: str
) -> None:
    flaw = password_rules.flaw_of(password, about=ABOUT)

    assert flaw is not None
    assert part in flaw


@pytest.mark.parametrize(
    "password",
    [
        *("twelve chars", "onlylowercaseletters", "длинный пароль", "x" * 11 + "y", PASSWORD),
        *("okafor river stone lamp", "a lamp of 1987 by the river"),
    ],
)
def test_no_kinds_of_characters_are_demanded(password: str) -> None:
    assert password_rules.flaw_of(password, about=ABOUT) is None


def test_the_deny_list_is_long_enough_and_holds_only_what_length_lets_through() -> None:
    common = password_rules.common_passwords()

    assert len(common) > 500
    assert all(len(word) >= password_rules.SHORTEST_PASSWORD for word in common)


def test_signing_in_renews_a_hash_made_with_other_parameters(in_app: Flask) -> None:
    with transaction():
        user = make_fellow()
        user.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(
            PASSWORD
        )
        old = user.password_hash

    checked = services.check_password(user.email, PASSWORD)
    with transaction():
        services.sign_in(checked, PASSWORD, browser="test", now=utcnow())

    db.session.expire_all()
    new = db.session.get_one(User, user.id).password_hash
    assert new is not None
    assert new != old
    assert extract_parameters(new).memory_cost == 19 * 1024
    assert passwords.is_right(new, PASSWORD)


def test_signing_in_leaves_a_current_hash_alone(in_app: Flask) -> None:
    with transaction():
        user = make_fellow()
        user.password_hash = passwords.hash_password(PASSWORD)
        old = user.password_hash

    checked = services.check_password(user.email, PASSWORD)
    with transaction():
        services.sign_in(checked, PASSWORD, browser="test", now=utcnow())

    db.session.expire_all()
    assert db.session.get_one(User, user.id).password_hash == old
