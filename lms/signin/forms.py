"""Forms for coming in."""

from collections.abc import Iterable

from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.validators import DataRequired, EqualTo

from lms.core.errors import Invalid, Refusal
from lms.core.forms import BaseForm
from lms.people.rules import clean_email
from lms.signin.password_rules import SHORTEST_PASSWORD, flaw_of
from lms.signin.throttle import TooManyTries


class DoorForm(BaseForm):
    """A form that may be sent only so often. `slowed`: it was sent too soon."""

    slowed: TooManyTries | None = None

    def refuse(self, refusal: Refusal) -> None:
        """Note also that it is to be sent again later."""
        if isinstance(refusal, TooManyTries):
            self.slowed = refusal
        super().refuse(refusal)

    @property
    def status(self) -> int:
        """429 where it was sent too soon."""
        return self.slowed.http_status if self.slowed else super().status

    @property
    def headers(self) -> dict[str, str]:
        """What its page says to programs."""
        return {"Retry-After": str(self.slowed.seconds)} if self.slowed else {}


class SignInForm(DoorForm):
    """Who is there."""

    email = EmailField("Email", [DataRequired("Enter your email address.")])
    password = PasswordField("Password", [DataRequired("Enter your password.")])


class ForgotForm(DoorForm):
    """Whose password is forgotten."""

    email = EmailField("Email", [DataRequired("Enter your email address.")])

    def validate_email(self, field: Field) -> None:
        """It can be an address, whether or not there is such an account."""
        try:
            clean_email(field.data or "")
        except Invalid as refusal:
            raise ValidationError(refusal.message) from refusal


class NewPasswordForm(DoorForm):
    """A password, chosen by its owner."""

    password = PasswordField(
        "New password",
        [DataRequired("Choose a password.")],
        description=f"{SHORTEST_PASSWORD} characters or more. A few unrelated words do well.",
    )
    again = PasswordField(
        "New password, once more", [EqualTo("password", "The two passwords are not the same.")]
    )

    about: Iterable[str] = ()

    def validate_password(self, field: Field) -> None:
        """Refuse what guessers try first; *about* is what they know of the owner."""
        flaw = flaw_of(field.data or "", about=self.about)
        if flaw:
            raise ValidationError(flaw)
