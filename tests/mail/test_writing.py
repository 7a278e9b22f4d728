"""What the headers of our mails look like on the way."""

import re
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.core.mail.headers import POLICY, Correspondent
from lms.core.mail.parts import two_parts
from lms.core.mail.writing import short_lines

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


TEXTS = st.one_of(st.text(), st.text("ab é\r\n.-\t\x0b\x85\u2028")).map(short_lines)


@given(TEXTS, TEXTS, st.text(), st.text())
@example("", "", "", "")
@example("Two lines.\n.\n", "<p>“Ø”</p>\r", "One subject", "Ø" * 99)
@example(short_lines("a" * 2_000), "<p>\n\n", "=?utf-8?q?a?=\r\n", '"Bo"')
def test_a_mail_has_the_bytes_that_the_library_makes(
    text: str, html: str, subject: str, name: str
) -> None:
    headers = {"Subject": subject, "To": Correspondent(name, ADDRESS), "Message-ID": "<1@a>"}
    mime = EmailMessage(policy=POLICY)
    for header, value in headers.items():
        mime[header] = value
    mime.set_content(text)
    mime.add_alternative(html, subtype="html")
    theirs = mime.as_bytes()

    ours = two_parts(headers, text, html)

    boundary = str(mime.get_boundary()).encode()
    of_ours = re.findall(rb'boundary="(={15}\d{19}==)"', ours)[0]
    assert ours.replace(of_ours, boundary) == theirs
