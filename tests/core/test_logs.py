"""What a running web server logs: one line an event, and no secret in any of them."""

import json
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
import structlog
from structlog.testing import capture_logs

from lms.core.logs import init_logs
from tests.services import wait_for
from tests.services.processes import Service

LINK = "a-mailed-secret-0123456789"
PASSWORD = "wrong-tiara-on-a-lamp"
CHOSEN = "a lamp beside the river"
EMAIL = "dr.amara.okafor@example.org"


@dataclass
class Talk:
    """What was asked of the server, and what it printed."""

    numbers: list[str]
    cookies: list[str]
    token: str
    printed: str

    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.printed.splitlines() if line.startswith("{")]


def ask(browser: OpenerDirector, url: str, **form: str) -> tuple[str, str]:
    """Return the number and the text of a page, also of an error's."""
    data = urlencode(form).encode() if form else None
    try:
        answer = browser.open(Request(url, data=data, headers={"User-Agent": "Lighthouse 7"}))
    except HTTPError as error:
        answer = error
    with answer:
        return answer.headers["X-Request-Id"], answer.read().decode()


def visit_of_a_fellow(service: Service, browser: OpenerDirector) -> str:
    """Come in by a mailed link, and ask for a page of directors; return the number of that."""
    service.command("users", "invite", EMAIL, "--name", "Amara Okafor", "--role", "fellow")
    link = service.command("users", "reset-link", EMAIL).strip()
    token = ask(browser, link)[1].split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    ask(browser, link, csrf_token=token, password=CHOSEN, again=CHOSEN)
    return ask(browser, f"{service.url}/people")[0]


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """A visit to a web server of its own, with its log at its most talkative."""
    service = Service(tmp_path_factory.mktemp("logs"), {"log_level": "DEBUG"})
    service.command("database", "upgrade")
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    try:
        service.start_web()
        first, page = ask(browser, f"{service.url}/sign-in?next=/settings")
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        sent = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
        numbers = [
            first,
            ask(browser, f"{service.url}/sign-in", **sent)[0],
            ask(browser, f"{service.url}/links/{LINK}")[0],
            ask(browser, f"{service.url}/panel/{LINK}")[0],
            ask(browser, f"{service.url}/unsubscribe/{LINK}")[0],
            ask(browser, f"{service.url}/no-such-page?email={EMAIL}&password={PASSWORD}")[0],
        ]
        last = visit_of_a_fellow(service, browser)
        wait_for(lambda: last in service.log("web"), "the last line of the log")
    finally:
        service.stop()
    return Talk(numbers, [str(cookie.value) for cookie in jar], token, service.log("web"))


def test_each_request_is_one_line_with_the_number_its_page_had(talk: Talk) -> None:
    numbers = set(talk.numbers)
    requests = [event for event in talk.events() if event["event"] == "request"]
    ours = [event for event in requests if event["request_id"] in numbers]

    assert [event["request_id"] for event in ours] == talk.numbers
    assert [event["endpoint"] for event in ours] == [
        "signin.sign_in",
        "signin.sign_in",
        "signin.use_link",
        "panels.answer",
        "notices.unsubscribe",
        None,
    ]
    assert [event["status"] for event in ours][:2] == [200, 422]
    assert all(str(event["timestamp"]).endswith("Z") for event in ours)


def test_no_secret_and_no_name_is_in_the_log(talk: Talk) -> None:
    assert talk.cookies
    for secret in (LINK, PASSWORD, CHOSEN, EMAIL, talk.token, *talk.cookies):
        assert secret not in talk.printed


def test_what_is_refused_and_nothing_else_says_from_where_it_came(talk: Talk) -> None:
    telling = {
        (str(event["event"]), event.get("status"))
        for event in talk.events()
        if "127.0.0.1" in str(event)
    }

    assert telling == {("sign_in_refused", None), ("request", 403), ("request", 404)}
    assert "Lighthouse" not in talk.printed, "the browser's name is nobody's business"


def test_a_refused_page_says_who_asked_for_it(talk: Talk) -> None:
    (refused,) = [event for event in talk.events() if event.get("status") == 403]

    assert refused["endpoint"] == "accounts.people"
    assert refused.get("user_id") == 1


def test_a_logger_that_has_written_is_heard_after_another_start() -> None:
    init_logs("ERROR")
    log = structlog.get_logger()
    log.error("first")
    init_logs("ERROR")

    with capture_logs() as lines:
        log.error("second")

    assert [each["event"] for each in lines] == ["second"]
