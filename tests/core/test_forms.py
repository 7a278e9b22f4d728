"""What every form does: it trims, and it says what a service refused where it belongs."""

from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired

from lms.core.errors import Invalid, Refusal
from lms.core.forms import BaseForm

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Letter(BaseForm):
    """A form with a field of each kind that matters."""

    to = StringField("To", [DataRequired("Say to whom.")])
    text = TextAreaField("Text")
    loud = StringField("Loud", filters=[lambda text: text and text.upper()])
    password = PasswordField("Password")

    class Meta(BaseForm.Meta):
        """No session here, so no token."""

        csrf = False


@pytest.fixture
def letter(app: Flask) -> Iterator[Letter]:
    """The form as a request filled it."""
    data = {"to": "  Amara \n", "text": "\t two\nlines ", "loud": " hey ", "password": " p w "}
    with app.test_request_context(method="POST", data=data):
        yield Letter.from_request()


def test_what_people_type_is_trimmed_and_passwords_are_not(letter: Letter) -> None:
    assert letter.to.data == "Amara"
    assert letter.text.data == "two\nlines"
    assert letter.password.data == " p w "


def test_a_field_with_filters_of_its_own_has_no_others(letter: Letter) -> None:
    assert letter.loud.data == " HEY "


def test_only_spaces_are_nothing(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"to": "   "}):
        form = Letter.from_request()

        assert not form.validate_on_submit()
        assert form.to.errors == ["Say to whom."]
        assert form.status == 422


def test_a_form_that_is_fine_or_was_not_sent_is_a_page_like_any_other(letter: Letter) -> None:
    assert letter.validate_on_submit()
    assert letter.status == 200


def test_a_refusal_stands_at_the_field_it_names(letter: Letter) -> None:
    letter.validate_on_submit()

    letter.refuse(Invalid("Amara is away.", field="to"))

    assert letter.to.errors == ["Amara is away."]
    assert letter.form_errors == []
    assert letter.status == 422


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(Refusal("Not now."), id="of the whole"),
        pytest.param(Invalid("Not now."), id="without a field"),
        pytest.param(Invalid("Not now.", field="stamp"), id="of a field the form has not"),
    ],
)
def test_a_refusal_without_a_field_of_the_form_stands_on_top(letter, refusal: Refusal) -> None:
    letter.validate_on_submit()

    letter.refuse(refusal)

    assert letter.form_errors == ["Not now."]
    assert letter.status == 422
