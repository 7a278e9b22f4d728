"""People and the roles they hold."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from lms.core.db import Base, text_enum
from lms.people.seeking import as_sought


class Role(StrEnum):
    """What a person does in the program; one person can hold several."""

    FELLOW = "fellow"
    MENTOR = "mentor"
    FACULTY = "faculty"
    DIRECTOR = "director"


class Discipline(StrEnum):
    """What a person was trained in before pain medicine.

    First the specialties whose boards certify in pain medicine in the United States: those of
    anesthesiology, of physical medicine and rehabilitation, of psychiatry and neurology (with
    child neurology), and since 2014 of emergency medicine; then others from which fellows come,
    since no specialty is excluded from a fellowship that the ACGME accredits; then the professions
    that teach and work in one. (EMRA Fellowship Guide, 2nd ed., chapter 18; ACEP Now, April 2013,
    "ACGME Pain Medicine Fellowship Training".)
    """

    ANESTHESIOLOGY = "anesthesiology"
    REHABILITATION = "physical_medicine"
    NEUROLOGY = "neurology"
    CHILD_NEUROLOGY = "child_neurology"
    PSYCHIATRY = "psychiatry"
    EMERGENCY_MEDICINE = "emergency_medicine"
    FAMILY_MEDICINE = "family_medicine"
    INTERNAL_MEDICINE = "internal_medicine"
    PEDIATRICS = "pediatrics"
    RADIOLOGY = "radiology"
    SURGERY = "surgery"
    PALLIATIVE_MEDICINE = "palliative_medicine"
    ADDICTION_MEDICINE = "addiction_medicine"
    DENTISTRY = "dentistry"
    NURSING = "nursing"
    PHARMACY = "pharmacy"
    PHYSICAL_THERAPY = "physical_therapy"
    OCCUPATIONAL_THERAPY = "occupational_therapy"
    PSYCHOLOGY = "psychology"
    SOCIAL_WORK = "social_work"


class OpenSession(Protocol):
    """The session that a request came with."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def seen_at(self) -> datetime:
        """When a request of it was last noted."""


class User(Base):
    """A person. `email` is kept case-folded. Without a password hash: invited, not yet in.

    `sought` is name and address as a search compares them; it follows both.

    `clinician`: a director has said that the person treats patients and may speak for what a case
    teaches. Neither that nor the `discipline` opens a page.
    """

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("email = lower(email)", "email_folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    password_hash: Mapped[str | None]
    theme: Mapped[str] = mapped_column(default="")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    discipline: Mapped[Discipline | None] = mapped_column(text_enum(Discipline))
    clinician: Mapped[bool] = mapped_column(default=False)
    sought: Mapped[str] = mapped_column(server_default="")

    role_rows: Mapped[list["UserRole"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="UserRole.role"
    )

    session: ClassVar[OpenSession | None] = None
    """The session that the request came with; set on the one who asks."""

    secret: ClassVar[str] = ""
    """What the cookie carries; set on the one who has just signed in."""

    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @validates("name", "email")
    def _seek_by(self, what: str, said: str) -> str:
        words = {"name": self.name, "email": self.email} | {what: said}
        self.sought = as_sought(words["name"] or "", words["email"] or "")
        return said

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """Return what Flask-Login puts into the cookie: the session's secret, never the id."""
        return self.secret

    @property
    def roles(self) -> frozenset[Role]:
        """The roles the person holds; `role_rows` must have been loaded."""
        return frozenset(row.role for row in self.role_rows)


class UserRole(Base):
    """That a person holds a role."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(text_enum(Role), primary_key=True)
