"""What the headers of our mails look like on the way."""

import re
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest

from lms.core.mail.headers import POLICY, Correspondent

_HEADER = r"^([\w-]+): ?([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)"
ADDRESS = "first.second.third@department-of-pain-medicine.university-hospital.example.org"


def sent(**headers: object) -> dict[str, str]:
    """Return the headers as they go out, each with its folds."""
    mime = EmailMessage(policy=POLICY)
    for name, value in headers.items():
        mime[name.replace("_", "-")] = value
    mime.set_content("Hello")
    found = re.findall(_HEADER, mime.as_bytes().decode("ascii"), re.M)
    return dict(found)


@pytest.mark.parametrize(
    "name",
    [
        "Dr. María-José Ñandú de la Peña-Gutiérrez y Ramírez-Villaseñor",
        "Ø" * 99,
        "Δρ. Ελένη Παπαδοπούλου-Αναγνωστοπούλου",
        'Dr. "Bo" Ångström, PhD',
    ],
)
def test_a_name_beyond_ascii_is_encoded_in_words_of_75_characters_and_read_back(name) -> None:
    to = sent(To=Correspondent(name, ADDRESS))["To"]

    words = re.findall(r"=\?[^ ]+\?=", to)
    assert words
    assert max(map(len, words)) <= 75
    assert str(make_header(decode_header(to))).strip().endswith(f"<{ADDRESS}>")
    read = str(make_header(decode_header(to))).removesuffix(f"<{ADDRESS}>")
    assert " ".join(read.split()) == name


@pytest.mark.parametrize(
    "subject",
    [
        "Still open: François Müller-Lüdenscheidt García-Márquez asks for your judgment",
        "Ελένη Παπαδοπούλου-Αναγνωστοπούλου Γιώργος needs a word this week",
        "Dr. Å " * 30 + "needs a word",
    ],
)
def test_a_subject_beyond_ascii_is_read_back_with_its_spaces(subject: str) -> None:
    folded = sent(Subject=subject)["Subject"]

    assert all(len(line) <= 78 for line in folded.split("\r\n"))
    assert " ".join(str(make_header(decode_header(folded))).split()) == " ".join(subject.split())


def test_an_address_to_unsubscribe_stays_on_one_line() -> None:
    url = f"<https://rounds.example.org/unsubscribe/{'a' * 300}>"

    assert sent(List_Unsubscribe=url)["List-Unsubscribe"] == url
