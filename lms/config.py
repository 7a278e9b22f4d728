"""Settings, all from the environment (`LMS_*`)."""

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from lms.addresses import (
    check_base_url,
    check_redis,
    check_sender,
    check_ways,
    database,
    mail_server,
)
from lms.allocating import give_back_large_blocks
from lms.keys import check_keys, make_once
from lms.workers import ROUTES, SCHEDULE, Profile
from lms.zones import ZONES


class Misconfigured(Exception):
    """A setting cannot work; says which and why, in one sentence."""


class Settings(BaseSettings):
    """What an installation may set; each field is `LMS_` and its name in capitals.

    The *embedded* profile keeps everything in `instance`. The *service* profile wants
    `database_url`, `redis_url`, `secret_key` and `base_url`, and with `smtp_url` `mail_from`.
    """

    model_config = SettingsConfigDict(
        env_prefix="LMS_", extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    profile: Profile = "embedded"
    instance: Path = Path("instance")
    product_name: str = Field("Pain Rounds", min_length=1, max_length=60)
    program_name: str = "Pain Medicine Fellowship"
    time_zone: str = "America/New_York"
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535, validation_alias=AliasChoices("LMS_PORT", "PORT"))
    base_url: str = ""
    secret_key: str = ""
    secret_key_fallbacks: list[str] = []
    proxies: int = Field(0, ge=0, le=5)
    database_url: str = ""
    redis_url: str = ""
    plain_hosts: str = ""
    smtp_url: str = ""
    mail_from: str | None = None
    demo: bool = True
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in ZONES:
            raise ValueError(f"“{zone}” is no time zone; write it as America/New_York.")
        return zone

    @field_validator("base_url", "database_url", "redis_url", "smtp_url", "mail_from")
    @classmethod
    def _usable(cls, address: str | None, about: ValidationInfo) -> str | None:
        checks: dict[str | None, Callable[[str], object]] = {
            "base_url": check_base_url,
            "database_url": database,
            "redis_url": check_redis,
            "smtp_url": mail_server,
            "mail_from": check_sender,
        }
        if address or (address is not None and about.field_name == "mail_from"):
            checks[about.field_name](address)
        return address

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        self.instance = self.instance.absolute()
        folder = self._sqlite_folder()
        if folder != self.instance and not folder.is_dir():
            raise ValueError(f"LMS_DATABASE_URL: the folder {folder} does not exist.")
        if self.profile == "service":
            needed = ["database_url", "redis_url", "secret_key", "base_url"]
            needed += ["mail_from"] if self.smtp_url else []
            missing = [f"LMS_{name.upper()}" for name in needed if not getattr(self, name)]
            if missing:
                raise ValueError(f"The service profile needs {', '.join(missing)}.")
            check_keys([self.secret_key, *self.secret_key_fallbacks])
            check_ways(self.database_url, self.redis_url, plain=self.plain_hosts)
        self.base_url = (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")
        return self

    @property
    def sender(self) -> tuple[str, str]:
        """From whom mail comes: the name, which may be empty, and the address."""
        return (
            parseaddr(self.mail_from) if self.mail_from else (self.product_name, "rounds@localhost")
        )

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service by TLS."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def local_mailbox(self) -> bool:
        """Whether mail stays in the database, to be read at `/mailbox`."""
        return self.profile == "embedded" and not self.smtp_url

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'rounds.sqlite'}"
        return database(self.database_url).render_as_string(hide_password=False)

    def _sqlite_folder(self) -> Path:
        """The folder of the database, which must be there unless it is `instance`."""
        named = database(self.database_url) if self.database_url else None
        file = named.database if named and named.drivername == "sqlite" else None
        return (self.instance / (file or "rounds.sqlite")).parent

    @cached_property
    def signing_key(self) -> str:
        """The key that signs cookies and links: as set, else made once and kept in `instance`."""
        if self.secret_key:
            return self.secret_key
        path = self.instance / "secret_key"
        if not path.exists():
            self.instance.mkdir(parents=True, exist_ok=True)
            make_once(path, secrets.token_urlsafe(48))
        return path.read_text().strip()

    def flask(self) -> dict[str, Any]:
        """What Flask and its extensions read."""
        return {
            "SECRET_KEY": self.signing_key,
            "SECRET_KEY_FALLBACKS": self.secret_key_fallbacks,
            "SESSION_COOKIE_NAME": "__Host-session" if self.secure else "session",
            "SESSION_COOKIE_SECURE": self.secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(days=7),
            "SESSION_REFRESH_EACH_REQUEST": False,
            "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "TRUSTED_HOSTS": self._trusted_hosts(),
            "WTF_CSRF_TIME_LIMIT": None,
            "SQLALCHEMY_DATABASE_URI": self.database,
            "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        }

    def _trusted_hosts(self) -> list[str]:
        hosts = {urlsplit(self.base_url).hostname or "localhost"}
        return sorted(hosts | ({"localhost", "127.0.0.1"} if self.profile == "embedded" else set()))

    def celery(self) -> dict[str, Any]:
        """What Celery reads. A broker that is away costs a request a second at most, once."""
        return {
            "broker_url": self.redis_url or "filesystem://localhost//",
            "broker_transport": None if self.redis_url else "lms.core.broker:FileTransport",
            "broker_transport_options": self._transport(),
            "broker_connection_retry_on_startup": True,
            "broker_connection_max_retries": None,
            "broker_pool_acquire_timeout": 1,
            "task_publish_retry_policy": {"max_retries": 0},
            "task_ignore_result": True,
            "task_routes": ROUTES,
            "task_default_queue": "slow",
            "task_soft_time_limit": 45,
            "task_time_limit": 60,
            "worker_prefetch_multiplier": 1,
            "worker_disable_prefetch": bool(self.redis_url),
            "worker_max_memory_per_child": 250_000,
            "worker_soft_shutdown_timeout": 30 if self.profile == "service" else 0,
            "worker_max_tasks_per_child": 1000,
            "worker_hijack_root_logger": False,
            "accept_content": ["json"],
            "timezone": "UTC",
            "beat_scheduler": "lms.core.beat:SteadyScheduler",
            "beat_schedule": {
                name: {"task": name, "schedule": every, "options": {"expires": 3600}}
                for name, every in SCHEDULE.items()
            },
        }

    def _transport(self) -> dict[str, Any]:
        if self.redis_url:
            return {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 1}
        folder = self.instance / "broker"
        folder.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folder),
            "data_folder_out": str(folder),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.02,
        }


def load() -> Settings:
    """Return the settings of the environment.

    Raises:
        Misconfigured: one of them cannot work; the sentence repeats no secret.
    """
    try:
        return Settings()
    except SettingsError:  # the one setting that is not plain text
        raise Misconfigured(
            'LMS_SECRET_KEY_FALLBACKS: write a list, as ["old key", "older key"].'
        ) from None
    except ValidationError as error:
        raise Misconfigured(_first_sentence(error)) from None


def begin() -> Settings:
    """Return the settings of the environment to a process that begins.

    No large block of memory stays with it, and in the embedded profile what it writes from now on
    is open to its own account alone; its children inherit both.

    Raises:
        Misconfigured: one of them cannot work; the sentence repeats no secret.
    """
    settings = load()
    if settings.profile == "embedded":
        os.umask(0o077)
    give_back_large_blocks()
    return settings


def _first_sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]).upper() if first["loc"] else ""
    place = f"LMS_{name.removeprefix('LMS_')}: " if name else ""
    return place + first["msg"].removeprefix("Value error, ")
