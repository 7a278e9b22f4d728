"""What the service is called stands in one setting."""

from pathlib import Path

import lms
import question_bank
from lms.app import create_app
from lms.config import Settings

NAME = "Pain Rounds"


def test_the_name_of_the_product_stands_in_one_place() -> None:
    roots = [Path(package.__file__).parent for package in (lms, question_bank)]
    files = [path for root in roots for path in root.rglob("*.*") if path.suffix != ".pyc"]
    naming = [path for path in files if path.is_file() and NAME in path.read_text("utf-8")]

    assert [path.name for path in naming] == ["config.py"]


def test_pages_call_the_service_as_the_setting_says(tmp_path) -> None:
    app = create_app(Settings(instance=tmp_path, product_name="Morning Bench", log_level="ERROR"))

    page = app.test_client().get("/no-such-page").text

    assert " - Morning Bench</title>" in page
    assert NAME not in page
