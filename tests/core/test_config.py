"""Settings from the environment: what is missing is named, and the signing key is made once."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from lms.config import Settings

SERVICE = {
    "profile": "service",
    "database_url": "postgresql://rounds@db/rounds?sslmode=verify-full",
    "redis_url": "rediss://cache:6379/0",
    "secret_key": "yr5uq0dZl2mVn8Ew7Rj4Kc1Tb6Gx9Hf3",
    "base_url": "https://rounds.example.org",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LMS_PORT", "PORT", "LMS_PROFILE", "LMS_BASE_URL", "LMS_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))


@pytest.mark.parametrize("left_out", ["database_url", "redis_url", "secret_key", "base_url"])
def test_the_service_profile_names_the_setting_it_lacks(left_out: str) -> None:
    given = {name: value for name, value in SERVICE.items() if name != left_out}

    with pytest.raises(ValidationError) as caught:
        Settings(**given)

    assert f"The service profile needs LMS_{left_out.upper()}." in str(caught.value)


def test_the_service_profile_sends_no_mail_from_a_sender_that_nobody_set() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**SERVICE, smtp_url="smtps://mail.example.org")

    assert "The service profile needs LMS_MAIL_FROM." in str(caught.value)


def test_the_service_profile_names_everything_it_lacks_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(profile="service")

    assert "needs LMS_DATABASE_URL, LMS_REDIS_URL, LMS_SECRET_KEY, LMS_BASE_URL." in str(
        caught.value
    )


def test_a_complete_service_profile_is_taken() -> None:
    settings = Settings(**SERVICE)

    assert settings.database == "postgresql+psycopg://rounds@db/rounds?sslmode=verify-full"
    assert settings.secure
    assert not settings.local_mailbox
    assert settings.flask()["SECRET_KEY"] == SERVICE["secret_key"]
    assert settings.celery()["broker_url"] == SERVICE["redis_url"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *(("secret_key", key) for key in ("changeme", "x" * 64, "abcabc" * 20)),
        ("secret_key_fallbacks", ["the old and short one"]),
        *(
            ("database_url", f"postgresql://rounds@{rest}")
            for rest in (
                "db/rounds",
                "db/rounds?sslmode=prefer",
                "/rounds?host=localhost,db",
                "127.0.0.1/rounds?hostaddr=192.0.2.7",
            )
        ),
        *(("redis_url", f"redis://{host}/0") for host in ("cache", "192.0.2.7:6379")),
    ],
)
def test_the_service_profile_refuses_what_others_can_guess_or_listen_to(
    setting: str, value: object
) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**{**SERVICE, setting: value})

    sentence = caught.value.errors()[0]["msg"]
    assert f"LMS_{setting.upper()}" in sentence
    assert "changeme" not in sentence


@pytest.mark.parametrize(
    "settings",
    [
        {"database_url": "postgresql://rounds@localhost/rounds", "redis_url": "redis://[::1]:6379"},
        {"database_url": "postgresql://rounds@/rounds?host=/var/run/postgresql"},
        {"database_url": "postgresql://rounds@db/rounds?sslmode=require"},
        {
            "database_url": "postgresql://rounds@Postgres:5432/rounds",
            "redis_url": "redis://redis",
            "plain_hosts": "postgres, redis",
        },
    ],
)
def test_this_machine_what_is_encrypted_and_what_is_named_may_be_reached(
    settings: dict[str, str],
) -> None:
    assert Settings(**(SERVICE | settings)).profile == "service"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_goes_by_each_of_its_names_and_keeps_its_password(scheme: str) -> None:
    settings = Settings(database_url=f"{scheme}://me:p%40ss@db:5433/rounds")

    assert settings.database == "postgresql+psycopg://me:p%40ss@db:5433/rounds"


def test_a_sqlite_file_may_be_named_in_the_instance_folder_before_it_is_there() -> None:
    assert Settings(database_url="sqlite:///x.sqlite").database == "sqlite:///x.sqlite"


def test_the_embedded_profile_needs_nothing_and_stays_in_its_folder(tmp_path: Path) -> None:
    settings = Settings()

    places = [
        settings.database.removeprefix("sqlite:///"),
        settings.celery()["broker_transport_options"]["data_folder_in"],
    ]
    assert all(place.startswith(str(tmp_path / "instance")) for place in places)
    assert settings.local_mailbox
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.secure


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8111")
    monkeypatch.setenv("LMS_PROGRAM_NAME", "Coastal Pain Program")

    settings = Settings()

    assert settings.base_url == "http://127.0.0.1:8111"
    assert settings.program_name == "Coastal Pain Program"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_PORT", "70000"),
        ("LMS_PORT", "eighty"),
        ("LMS_PROFILE", "cloud"),
        ("LMS_PROXIES", "-1"),
        ("LMS_LOG_LEVEL", "LOUD"),
        ("LMS_TIME_ZONE", "America/Gotham"),
        ("LMS_TIME_ZONE", "/etc/localtime"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError):
        Settings()


def test_the_signing_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = Settings().signing_key
    second = Settings().signing_key
    elsewhere = Settings(instance=tmp_path / "other").signing_key

    kept = tmp_path / "instance" / "secret_key"
    assert first == second == kept.read_text()
    assert len(first) >= 64
    assert elsewhere != first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_signing_key_that_is_set_leaves_no_file(tmp_path: Path) -> None:
    assert Settings(secret_key="from the vault").signing_key == "from the vault"
    assert not (tmp_path / "instance" / "secret_key").exists()


def test_only_the_host_people_are_told_is_served_in_the_service_profile() -> None:
    embedded = Settings(base_url="http://lab.local:8000").flask()["TRUSTED_HOSTS"]
    service = Settings(**SERVICE).flask()["TRUSTED_HOSTS"]

    assert embedded == ["127.0.0.1", "lab.local", "localhost"]
    assert service == ["rounds.example.org"]


def test_cookies_are_bound_to_tls_and_host_where_there_is_tls() -> None:
    plain, secure = Settings().flask(), Settings(**SERVICE).flask()

    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("session", False)
    assert secure["SESSION_COOKIE_NAME"] == "__Host-session"
    assert secure["SESSION_COOKIE_SECURE"] is True
    assert secure["SESSION_COOKIE_HTTPONLY"] is True
    assert secure["SESSION_COOKIE_SAMESITE"] == "Lax"
