"""Forms for coming in."""

from collections.abc import Iterable

from wtforms import EmailField, Field, PasswordField, ValidationError
from wtforms.validators import DataRequired, EqualTo

from lms.core.forms import BaseForm
from lms.signin.password_rules import SHORTEST_PASSWORD, flaw_of


class SignInForm(BaseForm):
    """Who is there."""

    email = EmailField("Email", [DataRequired("Enter your email address.")])
    password = PasswordField("Password", [DataRequired("Enter your password.")])


class ForgotForm(BaseForm):
    """Whose password is forgotten."""

    email = EmailField("Email", [DataRequired("Enter your email address.")])


class NewPasswordForm(BaseForm):
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
