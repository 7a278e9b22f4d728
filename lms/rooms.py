"""Every room's pages, commands and tasks."""

import click
from flask import Blueprint

from lms.accounts import cli as accounts_cli
from lms.accounts import views as accounts
from lms.authoring.advice import views as advice
from lms.authoring.drafts import tasks as drafts_tasks
from lms.authoring.drafts import views as drafts
from lms.authoring.editor import views as editor
from lms.authoring.facts import views as facts
from lms.authoring.history import views as history
from lms.authoring.pictures import views as pictures
from lms.authoring.publishing import views as publishing
from lms.authoring.resting import views as resting
from lms.authoring.retyping import views as retyping
from lms.authoring.reviews import views as reviews
from lms.authoring.sending import views as sending
from lms.authoring.signing import views as signing
from lms.authoring.trying import views as trying
from lms.authoring.work import tasks as work_tasks
from lms.authoring.work import views as work
from lms.bank import views as bank
from lms.bank.adding import views as adding
from lms.bank.together import views as together
from lms.cases import cli as cases_cli
from lms.core.mail import tasks as mail_tasks
from lms.grading import cli as grading_cli
from lms.grading import tasks as grading_tasks
from lms.grading.marking import views as marking
from lms.grading.withholding import views as withholding
from lms.home import views as home
from lms.jobs import tasks as jobs_tasks
from lms.jobs import views as jobs
from lms.mentoring import views as mentoring
from lms.mentoring.acting import views as acting
from lms.mentoring.digests import cli as digests_cli
from lms.mentoring.digests import tasks as digests_tasks
from lms.mentoring.digests import views as digests
from lms.mentoring.directing import views as directing
from lms.mentoring.directing.messaging import views as writing
from lms.mentoring.goals import tasks as goals_tasks
from lms.mentoring.goals import views as goals
from lms.mentoring.handing_over import tasks as handing_over_tasks
from lms.mentoring.meetings import views as meetings
from lms.mentoring.nudging import tasks as nudging_tasks
from lms.mentoring.own import views as progress
from lms.mentoring.printing import tasks as printing_tasks
from lms.mentoring.printing import views as printing
from lms.mentoring.wishing import views as wishing
from lms.notices import views as notices
from lms.operations import cli as operations_cli
from lms.operations import tasks as operations_tasks
from lms.operations import views as operations
from lms.panels import views as panels
from lms.program import cli as program_cli
from lms.program import views as program
from lms.program.deputies import views as deputies
from lms.program.handover import views as handover
from lms.quizzes.arranging import views as quiz_items
from lms.quizzes.assembling import views as quizzes
from lms.quizzes.assigning import views as assigning
from lms.results import views as results
from lms.rosters import cli as rosters_cli
from lms.rosters import views as rosters
from lms.signin import tasks as signin_tasks
from lms.signin import views as signin
from lms.supervision import views as supervision
from lms.supervision.accommodating import views as accommodating
from lms.supervision.audiences import views as audiences
from lms.supervision.calendar import views as calendar
from lms.supervision.dates import views as dates
from lms.supervision.exporting import views as exporting
from lms.supervision.extending import views as extending
from lms.supervision.freezing import views as freezing
from lms.supervision.messaging import views as messaging
from lms.supervision.reminding import tasks as reminding_tasks
from lms.supervision.reopening import views as reopening
from lms.taking import views as taking
from lms.taking.pausing import views as pausing

BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    dict.fromkeys(
        room.bp
        for room in (
            signin,
            notices,
            jobs,
            program,
            deputies,
            handover,
            rosters,
            panels,
            quizzes,
            quiz_items,
            assigning,
            marking,
            withholding,
            results,
            taking,
            pausing,
            editor,
            drafts,
            resting,
            trying,
            facts,
            work,
            advice,
            pictures,
            retyping,
            reviews,
            sending,
            publishing,
            history,
            signing,
            bank,
            adding,
            together,
            supervision,
            dates,
            extending,
            audiences,
            reopening,
            exporting,
            messaging,
            accommodating,
            freezing,
            calendar,
            progress,
            mentoring,
            directing,
            writing,
            meetings,
            acting,
            goals,
            wishing,
            printing,
            digests,
            accounts,
            operations,
            home,
        )
    )
)
"""Each once, though the pages of one may stand in several modules."""

COMMANDS: tuple[click.Group, ...] = tuple(
    room.group
    for room in (
        accounts_cli,
        program_cli,
        cases_cli,
        grading_cli,
        digests_cli,
        operations_cli,
    )
)
program_cli.group.add_command(rosters_cli.import_file)

TASK_MODULES = (
    signin_tasks,
    mail_tasks,
    jobs_tasks,
    grading_tasks,
    drafts_tasks,
    work_tasks,
    digests_tasks,
    goals_tasks,
    nudging_tasks,
    printing_tasks,
    handing_over_tasks,
    operations_tasks,
    reminding_tasks,
)
"""Imported so that a worker knows their tasks."""
