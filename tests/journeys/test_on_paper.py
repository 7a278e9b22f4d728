"""What a browser prints of reports and preparations, and how one comes to a PDF."""

from urllib.parse import urlsplit

import pytest

from lms.jobs import tasks
from tests.journeys.site import Site
from tests.mentoring.printing.factories import facts_of, text_of

pytestmark = pytest.mark.xdist_group("site")  # which one worker builds

SCREEN_ONLY = ("Note a meeting", "We have talked about it", "Sign out", "Skip to the content")


@pytest.mark.parametrize(
    ("who", "address", "said"),
    [
        ("mentor", "/fellows/{person}", "What there is to say"),
        ("mentor", "/fellows/{person}/prepare", "React"),
        ("fellow", "/progress", "Topics without items"),
    ],
)
def test_a_browser_prints_the_page_with_its_date_and_numbers(
    site: Site, tmp_path, who: str, address: str, said: str
) -> None:
    page = site.at_home(who, 1280)
    page.goto(site.url + address.format(**site.arguments))

    pdf = page.pdf(format="Letter")

    printed, pages = text_of(pdf), int(facts_of(pdf, tmp_path)["Pages"])
    assert said in printed
    assert "As of " in printed
    assert "(Eastern), for Dr. " in printed
    assert all(f"{number} of {pages}" in printed for number in range(1, pages + 1))
    assert not [words for words in SCREEN_ONLY if words in printed]


def test_the_page_of_a_job_leads_to_its_pdf_once_that_is_made(site: Site, tmp_path) -> None:
    page = site.at_home("mentor", 390)
    page.goto(f"{site.url}/fellows/{site.arguments['person']}/prepare")
    page.get_by_role("button", name="PDF").click()
    page.wait_for_url("**/jobs/*")
    with site.app.app_context():
        tasks.run(int(urlsplit(page.url).path.rpartition("/")[2]))

    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()

    pdf = download.value.path().read_bytes()
    assert facts_of(pdf, tmp_path)["Pages"] == "1"
    assert "React" in text_of(pdf)
