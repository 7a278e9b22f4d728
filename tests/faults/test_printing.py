"""A worker of the service makes a PDF, in both profiles."""

from lms.core.db import db
from lms.jobs.models import Job, JobState
from lms.mentoring.printing.models import PrintoutKind
from tests.faults.conftest import Stage
from tests.mentoring.printing.factories import asked, kept, make_printed, text_of
from tests.services import wait_for


def state_of(stage: Stage, job_id: int) -> JobState:
    with stage.app.app_context():
        return db.session.get_one(Job, job_id).state


def test_a_worker_makes_what_was_asked_for(stage: Stage) -> None:
    with stage.app.app_context():
        printed = make_printed()
        job_id = asked(printed.mentor, printed.fellow, PrintoutKind.PREPARATION)
    stage.service.start_worker()
    stage.ring("jobs.run", job_id)

    wait_for(
        lambda: state_of(stage, job_id) is JobState.DONE,
        f"the PDF; the worker says {stage.service.log('worker')[-2000:]}",
        60,
    )

    with stage.app.app_context():
        pdf = kept(job_id)
    assert pdf is not None
    said = text_of(pdf)
    assert "Dr. Amara Okafor" in said
    assert "18 of 20" in said
    assert "1 of 1" in said
